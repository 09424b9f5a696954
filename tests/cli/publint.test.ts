import { rmSync } from 'node:fs'
import { publint } from 'publint'
import { expect, onTestFinished, test } from 'vitest'
import { buildPackage } from './packed.ts'

test('the package says of itself what is so: its entries, types and files', { timeout: 300_000 }, async () => {
  const pkgDir = await buildPackage()
  onTestFinished(() => rmSync(pkgDir, { recursive: true, force: true }))
  const { messages } = await publint({ pkgDir, level: 'warning', pack: false })
  expect(messages.map(({ code, path }) => `${code} at ${path.join('.')}`)).toEqual([])
})
