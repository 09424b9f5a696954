import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'

export const host = hostname()

/** Tells one boot of this host's kernel from another; "unknown" if the system has no such id. */
export function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return 'unknown'
  }
}
