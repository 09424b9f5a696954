import { readFileSync } from 'node:fs'

/** The folder of this package. It is one level above both `dist` and `src`. */
export const packageRoot: URL = new URL('../', import.meta.url)

export function packageVersion(): string {
  const text = readFileSync(new URL('package.json', packageRoot), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
