import { cpSync, mkdtempSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { makeDist } from '../../scripts/make-dist.ts'

const root = resolve(import.meta.dirname, '../..')

/** Builds the package in a folder of its own, as it would be installed, and answers the folder. */
export async function buildPackage(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'escapement-packed-'))
  await makeDist(join(folder, 'dist'))
  cpSync(join(root, 'package.json'), join(folder, 'package.json'))
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  return folder
}
