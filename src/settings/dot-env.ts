import { parseEnv } from 'node:util'

/** Sets what the text of a `.env` says and the real environment does not. Returns the names that it set. */
export function applyDotEnv(text: string, env: NodeJS.ProcessEnv): readonly string[] {
  const said = Object.entries(parseEnv(text)).filter(([name]) => env[name] === undefined)
  for (const [name, value] of said) env[name] = value
  return said.map(([name]) => name)
}
