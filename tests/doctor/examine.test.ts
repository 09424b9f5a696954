import { describe, expect, test } from 'vitest'
import { examine } from '../../src/doctor/examine.ts'
import type { Facts } from '../../src/doctor/facts.ts'
import type { NodeState } from '../../src/store/nodes.ts'
import type { SeatState } from '../../src/store/seats.ts'

const NOW = Date.UTC(2026, 5, 1)

const node = (over: Partial<NodeState> = {}): NodeState => ({
  id: 'a',
  host: 'harbour',
  pid: 100,
  bootId: 'boot',
  roles: ['web', 'scheduler', 'worker'],
  tasks: ['report'],
  declares: [],
  release: 3,
  version: '0.1.0',
  timezoneData: '2026a',
  counter: 7,
  phase: 'alive',
  startedAt: NOW - 60_000,
  renewedAt: NOW - 3_000,
  ...over
})

const seat = (holder: SeatState['holder'] = { id: 'h', host: 'harbour', pid: 100 }): SeatState => ({
  seat: 'primary',
  term: 2,
  counter: 9,
  ttlMs: 15_000,
  holder,
  electedAt: NOW - 50_000,
  renewedAt: NOW - 1_000
})
const vacant: SeatState = { ...seat(), holder: undefined }

const app: NonNullable<Facts['app']> = {
  isProduction: true,
  channels: 1,
  isLogging: true,
  zone: 'America/Sao_Paulo',
  hostZone: 'America/Sao_Paulo',
  instances: [{ id: 'payroll', most: 1 }]
}

const sound: Facts = {
  now: NOW,
  reach: 'network',
  topology: 'dedicated',
  leaseTtlMs: 15_000,
  nodes: [node(), node({ id: 'b', pid: 101, roles: ['web'] }), node({ id: 'c', phase: 'left', renewedAt: 0 })],
  overdue: [],
  backlogs: [{ task: 'report', waiting: 4 }],
  api: { isEnabled: true, isProduction: true, hasCredentials: true },
  app,
  database: {
    durability: { fsync: 'on', synchronous_commit: 'on' },
    skewMs: 12,
    isPooled: false,
    isHearingWakes: true
  },
  seats: {
    backend: 'store',
    seats: [seat()],
    refusal: undefined
  }
}

const noOwners = { orphans: [], unnamed: [], keptRemoved: [], differing: [], refused: [], strangers: [] }
const owners = (over: Partial<NonNullable<Facts['owners']>>): Partial<Facts> => ({ owners: { ...noOwners, ...over } })
const declares = (app: string) => ({ app, release: 0, hash: 'aaaa' })

const byFile = { backend: 'file', seats: [seat()], refusal: undefined } as const

test('a sound deployment gives no finding', () => {
  expect(examine(sound)).toEqual([])
  expect(examine({ ...sound, seats: byFile })).toEqual([])
})

test('what could not be looked at is not judged', () => {
  const { now, reach, leaseTtlMs, nodes } = sound
  const blind: Facts = {
    now,
    reach,
    leaseTtlMs,
    nodes,
    topology: undefined,
    overdue: [],
    backlogs: [],
    api: undefined,
    database: {},
    seats: undefined
  }
  expect(examine(blind)).toEqual([])
})

const planted: readonly [string, Partial<Facts>, string][] = [
  ['scheduler-missing', { nodes: [node({ roles: ['web', 'worker'] })] }, 'No live process'],
  ['scheduler-missing', { nodes: [node({ phase: 'left' }), node({ roles: ['worker'] })] }, 'No live process'],
  ['schedulers-several', { nodes: [node(), node({ id: 'b', pid: 101 })] }, 'harbour:100, harbour:101'],
  ['worker-missing', { nodes: [node({ roles: ['scheduler'] })] }, '4 jobs wait'],
  ['node-silent', { nodes: [node(), node({ id: 'b', pid: 9, renewedAt: NOW - 60_000 })] }, 'harbour:9'],
  ['schedules-ahead', { ahead: [{ id: 'payroll', decidedUntil: NOW + 90_000 }] }, 'up to 90 s ahead of now: payroll'],
  ['schedules-overdue', { overdue: [{ id: 'payroll', dueAt: NOW - 9_000 }] }, 'for 9 s: payroll'],
  ['tasks-unknown', { backlogs: [{ task: 'old', waiting: 2 }] }, 'old (2)'],
  [
    'definitions-differ',
    owners({ differing: [{ process: 'harbour:9', release: 2, scheduleIds: ['a', 'b'] }] }),
    'harbour:9 (release 2) defines schedules differently from the books: a, b'
  ],
  [
    'schedule-refused',
    owners({ refused: [{ scheduleId: 'nightly', app: 'shop', owner: 'harbour', ownedBy: 'code' }] }),
    '"shop" names the schedule nightly, which belongs to the code of the app "harbour"'
  ],
  ['apps-nameless', owners({ strangers: ['harbour:1 has a', 'quay:2 has b'] }), 'harbour:1 has a; quay:2 has b'],
  ['schedules-unnamed', owners({ unnamed: ['old'] }), 'still fire: old'],
  ['schedules-orphaned', owners({ orphans: [{ id: 'old', phase: 'active' }] }), 'old. 1 of them still fire'],
  ['schedules-orphaned', owners({ orphans: [{ id: 'old', phase: 'paused' }] }), 'None of them fires'],
  ['schedules-removed-for-good', owners({ keptRemoved: ['old'] }), 'old'],
  [
    'tasks-shared',
    { nodes: [node({ declares: [declares('shop')] }), node({ roles: ['worker'], declares: [declares('harbour')] })] },
    'report (harbour, shop)'
  ],
  ['seat-vacant', { seats: { ...byFile, seats: [vacant] } }, '"primary"'],
  ['seat-vacant', { topology: 'primary', seats: { ...byFile, seats: [] } }, '"primary"'],
  ['lock-unusable', { seats: { ...byFile, refusal: { code: 'seat-unavailable', message: 'EROFS' } } }, 'EROFS'],
  ['lock-on-network', { seats: { ...byFile, refusal: { code: 'seat-refused', message: 'NFS' } } }, 'NFS'],
  [
    'redis-evicts',
    { seats: { ...byFile, backend: 'redis', refusal: { code: 'seat-refused', message: 'lru' } } },
    'lru'
  ],
  [
    'redis-unreachable',
    { seats: { ...byFile, backend: 'redis', refusal: { code: 'seat-unavailable', message: 'refused' } } },
    'refused'
  ],
  ['hosts-on-one-file', { reach: 'host', nodes: [node(), node({ host: 'quay', roles: [] })] }, 'harbour, quay'],
  ['hosts-on-one-file', { nodes: [node(), node({ host: 'quay', roles: [] })], seats: byFile }, 'The seats are locks'],
  ['durability-off', { database: { durability: { fsync: 'on', synchronous_commit: 'off' } } }, 'synchronous_commit'],
  ['clock-skew', { database: { skewMs: -2_400 } }, '2.4 s ahead of'],
  ['clock-skew', { database: { skewMs: 2_400 } }, '2.4 s behind'],
  ['pooler-in-between', { database: { isPooled: true } }, 'no way around'],
  ['wakes-lost', { database: { isHearingWakes: false } }, 'could listen'],
  ['timezone-data-differs', { nodes: [node(), node({ roles: [], timezoneData: '2025b' })] }, '2026a, 2025b'],
  ['versions-mixed', { nodes: [node(), node({ roles: [], release: 4 })] }, 'release 4'],
  ['api-without-credentials', { api: { isEnabled: true, isProduction: true, hasCredentials: false } }, 'no token'],
  ['alerts-without-channel', { app: { ...app, channels: 0 } }, 'no channel'],
  ['log-silent', { app: { ...app, isLogging: false } }, 'no log lines'],
  ['timezone-differs', { app: { ...app, zone: 'UTC' } }, 'follow UTC, and this host is in America/Sao_Paulo'],
  ['overlap-wide', { app: { ...app, instances: [{ id: 'sla', most: 10_000 }] } }, 'sla (10000)']
]

test('a laptop is not told what only production needs', () => {
  const bare = { ...app, isProduction: false, channels: 0, isLogging: false }
  expect(examine({ ...sound, app: bare })).toEqual([])
})

describe('each planted fault is found, alone, and with what fixes it', () => {
  test.each(planted)('%s (%#)', (check, fault, words) => {
    const findings = examine({ ...sound, ...fault })
    expect(findings.map(finding => finding.check)).toEqual([check])
    expect(findings[0]!.what).toContain(words)
    expect(findings[0]!.why).not.toBe('')
    expect(findings[0]!.fix).not.toBe('')
  })
})

test('a frozen holder of a file lock is noted beside its silence', () => {
  const nodes = [node({ roles: ['web', 'worker'], pid: 9, renewedAt: NOW - 60_000 }), node({ pid: 10 })]
  const held = [seat({ id: 'h', host: 'harbour', pid: 9 })]
  const findings = examine({ ...sound, nodes, seats: { ...byFile, seats: held } })
  expect(findings.map(({ check, severity }) => [check, severity])).toEqual([
    ['node-silent', 'problem'],
    ['holder-silent', 'note']
  ])
  expect(findings[1]!.fix).toContain('kill -CONT 9')
})
