import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { exitCodes } from '../../src/launcher/exit-codes.ts'

test('the guide has a line for every exit status, and for no other', () => {
  const guide = readFileSync(join(import.meta.dirname, '../../docs/guides/topologies.md'), 'utf8')
  const listed = [...guide.matchAll(/^\| (\d+) \| \w/gm)].map(([, status]) => Number(status))
  expect(listed).toEqual(Object.values(exitCodes))
})
