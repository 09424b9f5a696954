import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'

export const host = hostname()

/** On systems that have no id for a boot. */
export const UNKNOWN_BOOT = 'unknown'

/** Tells one boot of this host's kernel from another. */
export function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return UNKNOWN_BOOT
  }
}
