import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'

export const host = hostname()

/** Tells one run of this host's kernel from another; where the system has no such id, the instant at which it booted. */
export function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return 'unknown'
  }
}
