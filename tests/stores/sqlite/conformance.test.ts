import type { DatabaseSync } from 'node:sqlite'
import { describe, expect, onTestFinished, test } from 'vitest'

import { systemClock } from '../../../src/clock/system.ts'
import { migrateSqliteFile } from '../../../src/sqlite.ts'
import { openDriver } from '../../../src/stores/sqlite/connection/driver.ts'
import { testStore } from '../../conformance/store.ts'
import { freshFile } from './folder.ts'
import { sqliteHarness } from './harness.ts'
import { hearStatements } from './heard-statements.ts'

const heard = hearStatements()
testStore(sqliteHarness())

async function emptyBooks(): Promise<DatabaseSync> {
  const file = freshFile()
  await migrateSqliteFile({ file, clock: systemClock })
  const database = openDriver(file)
  onTestFinished(() => database.close())
  return database
}

/** Of Node 22 it is not: SQLite's versions are those of later ones, so that what is true there is true here. */
const canHearPreparations = 'setAuthorizer' in openDriver(':memory:')

const isWrite = (text: string): boolean => !/^\s*SELECT\b/.test(text)
/** Then SQLite gathers what it answers, or which rows it changes, before it goes on. */
const hasToGather = (text: string): boolean =>
  /\bRETURNING\b|\bIN\s+\(\s*SELECT\b|^\s*(UPDATE|DELETE)\b.*\(SELECT\b/s.test(text)

describe('every statement of the tests above', () => {
  if (canHearPreparations)
    test('is prepared once, however often it is run', async () => {
      const database = await emptyBooks()
      let preparations = 0
      database.setAuthorizer(() => {
        preparations += 1
        return 0
      })
      const preparedAnew = Array.from(heard).filter(([text, values]) => {
        const statement = database.prepare(text)
        preparations = 0
        for (let runs = 0; runs < 3; runs++) {
          try {
            statement.all(...values)
          } catch {
            // These are the values of other books, and may break a rule of the empty ones.
          }
        }
        return preparations > 0
      })
      expect(preparedAnew.map(([text]) => text)).toEqual([])
    })

  test('makes no table of its own to write a row, as it would for a CHECK with a list', async () => {
    const database = await emptyBooks()
    const makesTable = Array.from(heard.keys()).filter(text => {
      const steps = database.prepare(`EXPLAIN ${text}`).all()
      return isWrite(text) && !hasToGather(text) && steps.some(step => step['opcode'] === 'OpenEphemeral')
    })
    expect(makesTable).toEqual([])
  })
})
