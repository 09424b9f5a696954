// What `require('escapement')` finds. Node loads modules by `require` too, so there is one copy of the code, and each
// face has a file that hands it on. TypeScript lets CommonJS import no declarations of a module, and gets some here.
import { readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { parseSync } from 'rolldown/utils'

interface Exported {
  readonly name: string
  readonly is: 'type' | 'class' | 'value'
}

/** @param face Its path under `dist`, without an extension. */
export function writeCommonJs(dist: string, face: string): void {
  const path = join(dist, face)
  const module = `./${basename(face)}.js`
  writeFileSync(`${path}.cjs`, `module.exports = require('${module}')\n`)
  writeFileSync(`${path}.d.cts`, declarations(module, exportedBy(`${path}.d.ts`)))
}

function declarations(module: string, exported: readonly Exported[]): string {
  const types = exported.filter(({ is }) => is === 'type').map(({ name }) => name)
  const values = exported.filter(({ is }) => is !== 'type')
  const from = `from '${module}' with { 'resolution-mode': 'import' }`
  const lines = [
    `import type { ${values.map(({ name }) => `${name} as ${name}_`).join(', ')} } ${from}`,
    ...values.map(({ name }) => `declare const ${name}: typeof ${name}_`),
    ...values.filter(({ is }) => is === 'class').map(({ name }) => `type ${name} = ${name}_`),
    `export { ${values.map(({ name }) => name).join(', ')} }`
  ]
  if (types.length > 0) lines.push(`export type { ${types.join(', ')} } ${from}`)
  return `${lines.join('\n')}\n`
}

/** What a declaration file exports, itself or straight from another one. */
function exportedBy(path: string): Exported[] {
  const text = readFileSync(path, 'utf8')
  const entries = parseSync(path, text).module.staticExports.flatMap(statement => statement.entries)
  return entries.flatMap(({ exportName, importName, moduleRequest, isType }) => {
    const { name } = exportName
    // `export {}` names nothing.
    if (name === null) return []
    if (isType) return [{ name, is: 'type' as const }]
    const source = moduleRequest === null ? text : readFileSync(declarationsOf(path, moduleRequest.value), 'utf8')
    return [{ name, is: kindOf(importName.name ?? name, source) }]
  })
}

const declarationsOf = (from: string, specifier: string): string =>
  join(dirname(from), specifier.replace(/\.[jt]s$/, '.d.ts'))

function kindOf(name: string, text: string): Exported['is'] {
  const kind = new RegExp(`^(?:export )?(?:declare )?(?:abstract )?(class|interface|type) ${name}\\b`, 'm').exec(
    text
  )?.[1]
  return kind === undefined ? 'value' : kind === 'class' ? 'class' : 'type'
}
