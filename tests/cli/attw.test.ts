import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { expect, onTestFinished, test } from 'vitest'
import { buildPackage } from './packed.ts'
import { removeFolder } from '../remove-folder.ts'

/** The tarball as `npm publish` would send it. */
async function tarball(): Promise<Uint8Array> {
  const folder = await buildPackage()
  const packed = mkdtempSync(join(tmpdir(), 'escapement-tarball-'))
  onTestFinished(() => {
    for (const each of [folder, packed]) removeFolder(each)
  })
  const { status, stderr } = spawnSync('npm', ['pack', '--pack-destination', packed], { cwd: folder, encoding: 'utf8' })
  expect(status, stderr).toBe(0)
  return readFileSync(join(packed, readdirSync(packed)[0]!))
}

test('every entry has its types, however it is resolved', { timeout: 600_000 }, async () => {
  const result = await checkPackage(createPackageFromTarballData(await tarball()))
  if (result.types === false) throw new Error('the package has no types')
  const problems = result.problems.map(problem =>
    'entrypoint' in problem ? `${problem.kind} ${problem.entrypoint} ${problem.resolutionKind}` : problem.kind
  )
  expect(problems).toEqual([])
})
