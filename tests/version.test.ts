import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { packageVersion } from '../src/version.ts'

test('the version that processes say is that of package.json', () => {
  const { version } = JSON.parse(readFileSync(`${import.meta.dirname}/../package.json`, 'utf8')) as { version: string }
  expect(packageVersion).toBe(version)
})
