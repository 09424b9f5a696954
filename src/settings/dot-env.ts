import { parseEnv } from 'node:util'

/** Sets the variables of a `.env` text that the real environment does not set. Returns their names. */
export function applyDotEnv(text: string, env: NodeJS.ProcessEnv): readonly string[] {
  const said = Object.entries(parseEnv(text)).filter(([name]) => env[name] === undefined)
  for (const [name, value] of said) env[name] = value
  return said.map(([name]) => name)
}
