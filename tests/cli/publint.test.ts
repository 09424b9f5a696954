import { publint } from 'publint'
import { expect, onTestFinished, test } from 'vitest'
import { buildPackage } from './packed.ts'
import { removeFolder } from '../remove-folder.ts'

test('the package says of itself what is so: its entries, types and files', { timeout: 300_000 }, async () => {
  const pkgDir = await buildPackage()
  onTestFinished(() => removeFolder(pkgDir))
  const { messages } = await publint({ pkgDir, level: 'warning', pack: false })
  expect(messages.map(({ code, path }) => `${code} at ${path.join('.')}`)).toEqual([])
})
