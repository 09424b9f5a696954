import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const LIBRARY = '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1'

/** The wall clocks of the hosts, which libfaketime reads from a file each; their monotonic clocks stay true. */
export interface SkewedClocks {
  readonly isPossible: boolean
  envOf(host: string): Readonly<Record<string, string>>
  set(host: string, byMs: number): void
}

export function skewedClocks(folder: string): SkewedClocks {
  const isPossible = existsSync(LIBRARY)
  const fileOf = (host: string): string => join(folder, `${host}.clock`)
  mkdirSync(folder, { recursive: true })
  const set = (host: string, byMs: number): void =>
    writeFileSync(fileOf(host), `${byMs < 0 ? '' : '+'}${byMs / 1_000}s\n`)
  return {
    isPossible,
    set,
    envOf: host => {
      if (!isPossible) return {}
      set(host, 0)
      return {
        LD_PRELOAD: LIBRARY,
        FAKETIME_TIMESTAMP_FILE: fileOf(host),
        FAKETIME_CACHE_DURATION: '1',
        FAKETIME_DONT_FAKE_MONOTONIC: '1',
        FAKETIME_DONT_RESET: '1'
      }
    }
  }
}
