/** Ids of jobs are UUIDs in lower case. PostgreSQL refuses a statement that compares them with anything else. */
export const isJobId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)
