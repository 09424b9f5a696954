import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import { tenLines } from './guides/blocks.ts'
import { removeFolder } from './remove-folder.ts'

const root = join(import.meta.dirname, '..')

/** What the process says on standard error, line by line, until a line that is looked for; all of it when none is. */
async function linesUntil(stderr: NodeJS.ReadableStream, found: (line: string) => boolean): Promise<string[]> {
  const lines: string[] = []
  for await (const line of createInterface({ input: stderr })) {
    lines.push(line)
    if (found(line)) break
  }
  return lines
}

test('the example is ten lines', () => {
  expect(tenLines.trim().split('\n')).toHaveLength(10)
})

test('the example runs as it stands', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'escapement-readme-'))
  onTestFinished(() => removeFolder(folder))
  const here = `'${join(root, 'src/index.ts')}'`
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(folder, 'app.ts'), tenLines.replace("'escapement'", here))
  const app = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'app.ts'], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '' },
    stdio: ['ignore', 'ignore', 'pipe']
  })
  onTestFinished(() => void app.kill('SIGKILL'))
  const said = await linesUntil(app.stderr, line => line.includes('time to look at the figures'))
  expect(JSON.parse(said.at(-1) ?? '{}')).toMatchObject({
    msg: 'time to look at the figures',
    payload: { asked: 'by hand' },
    task: 'remind'
  })
  app.kill('SIGTERM')
  expect(await once(app, 'exit')).toEqual([0, null])
})
