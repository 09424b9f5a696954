// `npm run schema`: writes the SQL of the schemas for people to read, and an edition for routines that have another
// text than before.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { digest, EDITIONS, renderedSchemas } from './rendered-schema.ts'

const root = join(import.meta.dirname, '..')

function addEdition(): void {
  const path = join(root, EDITIONS)
  const text = readFileSync(path, 'utf8')
  const known = [...text.matchAll(/'([0-9a-f]{64})'/g)].map(([, each]) => each)
  if (known.at(-1) === digest) return
  const list = [...known, digest].map(each => `  '${each}'`).join(',\n')
  writeFileSync(path, text.replace(/\[[^\]]*\]\n/, `[\n${list}\n]\n`))
  console.error(`schema: the routines are edition ${known.length + 1} now`)
}

addEdition()
for (const [path, sql] of Object.entries(await renderedSchemas())) {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), sql)
  console.error(`schema: wrote ${path}`)
}
