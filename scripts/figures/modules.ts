import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from '../../tests/tidy/sources.ts'

export interface Modules {
  /** Of src. */
  readonly own: number
  /** Of packages, Node's own not counted. */
  readonly foreign: number
}

const counting = (file: string): string => `
import { registerHooks } from 'node:module'
const urls = []
registerHooks({ load: (url, context, next) => (urls.push(url), next(url, context)) })
await import(${JSON.stringify(pathToFileURL(join(root, file)).href)})
const files = urls.filter(url => url.startsWith('file:'))
const foreign = files.filter(url => url.includes('/node_modules/')).length
console.log(JSON.stringify({ own: files.length - foreign, foreign }))`

/** How many modules are loaded by an import of this file, in a process that does nothing else. */
export function modulesLoadedBy(file: string): Modules {
  const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', counting(file)]
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${file} could not be imported: ${stderr}`)
  return JSON.parse(stdout) as Modules
}
