/** Job ids are lower-case UUIDs. PostgreSQL rejects a statement that compares them with anything else. */
export const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)
