import { readFileSync } from 'node:fs'

/** Of this package, from its own package.json, which lies as far from `dist` as from `src`. */
export const packageRoot: URL = new URL('../', import.meta.url)

export function packageVersion(): string {
  const text = readFileSync(new URL('package.json', packageRoot), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
