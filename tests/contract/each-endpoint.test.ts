import { test } from 'vitest'
import { freshFile } from '../stores/sqlite/folder.ts'
import { askEach } from './asking-each.ts'

test.each(['memory', 'SQLite'])('%s: each endpoint returns what the document says', store =>
  askEach(store === 'memory' ? 'memory:' : `sqlite:${freshFile()}`)
)
