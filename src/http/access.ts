import { createHash, timingSafeEqual } from 'node:crypto'

/**
 * Whether a request presents the token. Compares digests, so that the time it takes shows neither length nor content.
 */
export function presentsToken(authorization: string | undefined, token: string): boolean {
  const presented = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1]
  return presented !== undefined && timingSafeEqual(digest(presented), digest(token))
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

const loopbackNames = new Set(['localhost', '::1', '[::1]'])

/** Whether an address to listen on can only be reached from this host. */
export function isLoopback(host: string): boolean {
  return loopbackNames.has(host) || /^127(\.\d{1,3}){3}$/.test(host)
}
