import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { patches } from '../../chaos/rig/without.ts'
import { replaceOnce } from '../../scripts/replace-once.ts'

const src = join(import.meta.dirname, '../../src')

test.each(Object.entries(patches))('what is taken out of a copy as the %s is in the code, once', (_, all) => {
  for (const { file, find, put } of all) {
    const text = readFileSync(join(src, file), 'utf8')
    expect(replaceOnce(text, find, put)).not.toBe(text)
  }
})
