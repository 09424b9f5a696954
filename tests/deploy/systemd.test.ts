import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { removeFolder } from '../remove-folder.ts'

const root = join(import.meta.dirname, '../..')
const ofApp = join(root, 'deploy/systemd')
const ofShipTracker = join(root, 'examples/ship-tracker/deploy/systemd')
const as = (text: string): string => text

/** What systemd says of the units as they are, but for the path of node, which it wants to be there. */
function verify(folder: string, change = as): { status: number | null; said: string } {
  const units = readdirSync(folder)
  const copies = mkdtempSync(join(tmpdir(), 'escapement-units-'))
  onTestFinished(() => removeFolder(copies))
  for (const unit of units) {
    const text = readFileSync(join(folder, unit), 'utf8').replace('/usr/bin/node', process.execPath)
    writeFileSync(join(copies, unit), change(text))
  }
  const named = units.map(unit => join(copies, unit.replace('@', '@3001')))
  const { status, stderr, error } = spawnSync('systemd-analyze', ['verify', '--man=no', ...named], {
    encoding: 'utf8',
    env: { ...process.env, SYSTEMD_UNIT_PATH: `${copies}:/usr/lib/systemd/system:/lib/systemd/system` }
  })
  if (error !== undefined) throw error
  // Units of the machine itself are not ours to judge.
  const said = stderr.split('\n').filter(line => line.includes(copies) || line.includes('app'))
  return { status, said: said.join('\n') }
}

test.each([
  [ofApp, ['app-scheduler.service', 'app-web@.service', 'app.target']],
  [ofShipTracker, ['ship-scheduler.service', 'ship-web@.service']]
])('systemd has nothing to say against the units', (folder, units) => {
  expect(readdirSync(folder).sort()).toEqual(units)
  expect(verify(folder)).toEqual({ status: 0, said: '' })
})

test('and it would say so', () => {
  expect(verify(ofApp, text => text.replace('Restart=always', 'Restart=ever')).said).toContain('restart specifier')
})
