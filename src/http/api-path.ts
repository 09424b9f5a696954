/** Whether a path belongs to the management API. */
export function isApiPath(path: string): boolean {
  return /^\/api\/v1\/(health|scheduler)(?=[/?]|$)/.test(path)
}
