import { expect, test } from 'vitest'
import { startAnswer, startInWords } from '../../../src/cli/start/start-words.ts'
import type { Inspection } from '../../../src/launcher/protocol.ts'

const processOf = (name: string) => ({ name, kind: 'web', roles: ['web'], listen: { servesApp: true, api: 'all' } })

/** What the words are made of, as far as they are asked for here. */
const inspection = (connectionsEach: number | null): Inspection =>
  ({
    database: 'postgres://me@db/app',
    connectionsEach,
    topology: 'everywhere',
    topologyFrom: 'code',
    roles: ['web'],
    rolesFrom: 'default',
    tasks: ['report'],
    schedules: [],
    processes: [processOf('web.1'), processOf('web.2')]
  }) as unknown as Inspection

test('a start says how many connections its processes may open', () => {
  expect(startInWords(inspection(6), [])).toContain(
    'Connections to PostgreSQL: at most 6 in each process (5 in its pool, 1 that listens), 12 in all.'
  )
  expect(startAnswer(inspection(6), []).connections).toEqual({ each: 6, total: 12 })
})

test('and nothing of it where the books are a file', () => {
  expect(startInWords(inspection(null), [])).not.toContain('Connections')
  expect(startAnswer(inspection(null), []).connections).toBe(null)
})

test('where the token is that it has made, and nothing of that where one is configured', () => {
  const made = { ...inspection(null), needsToken: true, runDirectory: '/srv/app/.escapement' }
  expect(startInWords(made, [])).toContain('Management API: its token is in /srv/app/.escapement/token,')
  expect(startInWords(inspection(null), [])).not.toContain('token')
})
