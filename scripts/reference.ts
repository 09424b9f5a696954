// Writes what is derived from tables of the source and checked in; tests compare it.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { environmentExample } from '../src/settings/printed/env-example.ts'
import { clientFiles } from './client-files.ts'
import { settingsReference } from './settings-reference.ts'

const root = join(import.meta.dirname, '..')
writeFileSync(join(root, '.env.example'), environmentExample())
writeFileSync(join(root, 'docs/settings.md'), settingsReference())

const client = join(root, 'src/client')
for (const folder of ['calls', 'shapes']) rmSync(join(client, folder), { recursive: true, force: true })
for (const [path, code] of Object.entries(await clientFiles())) {
  mkdirSync(dirname(join(client, path)), { recursive: true })
  writeFileSync(join(client, path), code)
}
