import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { makeDist } from './make-dist.ts'

const dist = join(import.meta.dirname, '..', 'dist')
rmSync(dist, { recursive: true, force: true })
try {
  await makeDist(dist)
  console.error('build: dist is ready')
} catch (error) {
  console.error(`build: ${(error as Error).message}`)
  process.exitCode = 1
}
