import { expect } from 'vitest'
import { type EndpointId, endpoints } from '../../src/contract/endpoints.ts'
import { type Asked, booksToAsk, TOKEN } from './books-to-ask.ts'
import { answers } from './schemas.ts'

interface Right {
  /** What stands for the parameter of the path. */
  readonly of?: string
  readonly query?: string
  readonly body?: object
  readonly headers?: Readonly<Record<string, string>>
}

/** A request of each endpoint that it serves, in an order in which each one can be served. */
const rightRequests = ({ jobs: { finished, waiting } }: Asked): Readonly<Record<EndpointId, Right>> => ({
  summary: {},
  live: {},
  ready: {},
  health: {},
  listIncidents: { query: 'since=2026-01-01T00:00:00Z' },
  acknowledgeIncident: { of: 'the-incident' },
  status: {},
  openApi: {},
  listNodes: {},
  listAudit: { query: 'action=schedule.pause' },
  metrics: {},
  listSeats: {},
  listQueues: {},
  listSchedules: { query: 'limit=2&strip=5&health=fine&phase=active&task=works&q=OFT&sort=id' },
  listRevisions: { of: 'paused' },
  listUnfired: { query: 'from=2026-01-01T00:00:00Z&outcome=paused' },
  previewTrigger: {
    query: `count=3&trigger=${encodeURIComponent('{"kind":"cron","expression":"30 2 * * *","timezone":"Europe/Berlin"}')}`
  },
  listTasks: {},
  listFailures: {},
  logIn: { body: { https: true } },
  getSession: {},
  logOut: {},
  getSchedule: { of: 'night/ly' },
  putSchedule: { of: 'put', body: { task: 'works', trigger: { kind: 'interval', everyMs: 3_600_000 }, payload: 3 } },
  updateSchedule: { of: 'put', body: { maxFires: null, misfireGrace: '1h' }, headers: { 'if-match': '*' } },
  removeSchedule: { of: 'put', headers: { 'if-match': '*' } },
  restoreSchedule: { of: 'put' },
  listLedger: { of: 'often', query: 'from=2026-01-01T00:00:00Z&limit=5' },
  explain: { of: 'night/ly', query: 'at=2026-03-08T02:30:00Z' },
  pauseSchedule: { of: 'night/ly', body: { note: 'for a while' } },
  resumeSchedule: { of: 'night/ly' },
  runSchedule: { of: 'night/ly' },
  listJobs: { query: 'state=completed&task=works' },
  enqueueJob: { body: { task: 'later', payload: 'x', delay: '1h', uniqueKey: 'by http' } },
  getJob: { of: finished },
  getJobContent: { of: finished },
  updateJob: { of: waiting, body: { priority: 3, runAt: '2999-01-01T00:00:00Z' } },
  cancelJob: { of: waiting },
  retryJob: { of: waiting, body: { again: false } },
  deleteJob: { of: finished },
  pauseQueue: { of: 'slow' },
  resumeQueue: { of: 'slow' }
})

/** Asks each endpoint what it serves: each returns what the document says. */
export async function askEach(database: string): Promise<void> {
  const asked = await booksToAsk(database)
  try {
    for (const [id, right] of Object.entries(rightRequests(asked)) as [EndpointId, Right][])
      await askFor(asked, id, right)
    expect(asked.faults).toEqual([])
  } finally {
    await asked.end()
  }
}

async function askFor(
  { api }: Asked,
  id: EndpointId,
  { of = '', query = '', body, headers = {} }: Right
): Promise<void> {
  const { method, path } = endpoints[id]
  const address = `http://localhost/api/v1${path.replace(/\{\w+\}/, () => encodeURIComponent(of))}?${query}`
  const withBody = body === undefined ? {} : { body: JSON.stringify(body) }
  const response = await api(
    new Request(address, {
      method,
      headers: {
        authorization: `Bearer ${TOKEN}`,
        'content-type': 'application/json',
        accept: 'application/json',
        ...headers
      },
      ...withBody
    })
  )
  const text = await response.text()
  expect(response.status, `${id}: ${text}`).toBe(200)
  const fits = answers.get(id)!
  expect(fits(JSON.parse(text)), `${id}: ${text} ${JSON.stringify(fits.errors)}`).toBe(true)
}
