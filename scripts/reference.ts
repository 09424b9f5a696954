// Writes what is derived from tables of the source and checked in; tests compare it.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { environmentExample } from '../src/settings/printed/env-example.ts'
import { settingsReference } from './settings-reference.ts'

const root = join(import.meta.dirname, '..')
writeFileSync(join(root, '.env.example'), environmentExample())
writeFileSync(join(root, 'docs/settings.md'), settingsReference())
