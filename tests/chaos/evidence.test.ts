import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { check } from '../../chaos/checker/check.ts'
import { historyIn, keepEvidence, readEvidence } from '../../chaos/evidence.ts'
import { GoodRun } from './good-run.ts'
import { removeFolder } from '../remove-folder.ts'

test('what is kept of a run is judged as the run was', () => {
  const folder = mkdtempSync(join(tmpdir(), 'escapement-evidence-'))
  onTestFinished(() => removeFolder(folder))
  const { entries, ...rest } = new GoodRun(7).evidence()
  mkdirSync(historyIn(folder))
  for (const [by, lines] of Map.groupBy(entries, entry => entry.by))
    writeFileSync(join(historyIn(folder), `${by}.jsonl`), lines.map(line => `${JSON.stringify(line)}\n`).join(''))
  keepEvidence(folder, rest)
  expect(check(readEvidence(folder))).toEqual(check({ entries, ...rest }))
})
