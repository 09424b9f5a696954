import { join } from 'node:path'
import { expect, test } from 'vitest'
import { freshFolder } from './books-of-test.ts'
import { LinesProcess } from './lines-process.ts'

test('after stop() nothing keeps the process alive', async () => {
  const child = new LinesProcess('start-and-stop-process.ts', [join(freshFolder(), 'books.db')])
  await child.line(/stopped/)
  expect(await child.ended()).toEqual({ code: 0, signal: null })
})
