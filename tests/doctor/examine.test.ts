import { describe, expect, test } from 'vitest'
import { examine } from '../../src/doctor/examine.ts'
import type { Facts } from '../../src/doctor/facts.ts'
import type { NodeState } from '../../src/store/nodes.ts'

const NOW = Date.UTC(2026, 5, 1)

const node = (over: Partial<NodeState> = {}): NodeState => ({
  id: 'a',
  host: 'harbour',
  pid: 100,
  bootId: 'boot',
  roles: ['web', 'scheduler', 'worker'],
  tasks: ['report'],
  release: 3,
  version: '0.1.0',
  timezoneData: '2026a',
  counter: 7,
  phase: 'alive',
  startedAt: NOW - 60_000,
  renewedAt: NOW - 3_000,
  ...over
})

const sound: Facts = {
  now: NOW,
  reach: 'network',
  topology: 'dedicated',
  leaseTtlMs: 15_000,
  nodes: [node(), node({ id: 'b', pid: 101, roles: ['web'] }), node({ id: 'c', phase: 'left', renewedAt: 0 })],
  overdue: [],
  backlogs: [{ task: 'report', waiting: 4 }],
  api: { host: '127.0.0.1', hasCredentials: false },
  database: {
    durability: { fsync: 'on', synchronous_commit: 'on' },
    skewMs: 12,
    pooler: 'none',
    isListenAlive: true
  },
  seats: {
    backend: 'store',
    seats: [{ seat: 'primary', holder: 'harbour:100', term: 2, heldSince: NOW - 1_000 }]
  },
  redis: { evictionPolicy: 'noeviction' }
}

const local = { path: '/run/app/primary.lock', fileSystem: 'ext4', isNetwork: false, problem: undefined }
const seated = sound.seats!.seats

test('a sound deployment gives no finding', () => {
  expect(examine(sound)).toEqual([])
  expect(examine({ ...sound, seats: { backend: 'file', seats: seated, lock: local } })).toEqual([])
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
    seats: undefined,
    redis: undefined
  }
  expect(examine(blind)).toEqual([])
})

const planted: readonly [string, Partial<Facts>, string][] = [
  ['scheduler-missing', { nodes: [node({ roles: ['web', 'worker'] })] }, 'No live process'],
  ['scheduler-missing', { nodes: [node({ phase: 'left' }), node({ roles: ['worker'] })] }, 'No live process'],
  ['schedulers-several', { nodes: [node(), node({ id: 'b', pid: 101 })] }, 'harbour:100, harbour:101'],
  ['worker-missing', { nodes: [node({ roles: ['scheduler'] })] }, '4 jobs wait'],
  ['node-silent', { nodes: [node(), node({ id: 'b', pid: 9, renewedAt: NOW - 60_000 })] }, 'harbour:9'],
  ['schedules-overdue', { overdue: [{ id: 'payroll', dueAt: NOW - 9_000 }] }, 'for 9 s: payroll'],
  ['tasks-unknown', { backlogs: [{ task: 'old', waiting: 2 }] }, 'old (2)'],
  ['seat-vacant', { seats: { backend: 'store', seats: [{ ...seated[0]!, holder: undefined }] } }, '"primary"'],
  ['seat-vacant', { topology: 'primary', seats: { backend: 'store', seats: [] } }, '"primary"'],
  [
    'lock-unusable',
    { seats: { backend: 'file', seats: seated, lock: { ...local, problem: 'the folder is read-only' } } },
    'the folder is read-only'
  ],
  [
    'lock-on-network',
    { seats: { backend: 'file', seats: seated, lock: { ...local, fileSystem: 'nfs', isNetwork: true } } },
    '(nfs)'
  ],
  ['hosts-on-one-file', { reach: 'host', nodes: [node(), node({ host: 'quay', roles: [] })] }, 'harbour, quay'],
  [
    'hosts-on-one-file',
    { nodes: [node(), node({ host: 'quay', roles: [] })], seats: { backend: 'file', seats: seated } },
    'The seats are locks on files'
  ],
  ['redis-evicts', { redis: { evictionPolicy: 'volatile-lru' } }, 'volatile-lru'],
  ['durability-off', { database: { durability: { fsync: 'on', synchronous_commit: 'off' } } }, 'synchronous_commit'],
  ['clock-skew', { database: { skewMs: -2_400 } }, '2.4 s ahead of'],
  ['clock-skew', { database: { skewMs: 2_400 } }, '2.4 s behind'],
  ['pooler-in-between', { database: { pooler: 'transaction' } }, 'transaction mode'],
  ['wakes-lost', { database: { isListenAlive: false } }, 'did not come back'],
  ['timezone-data-differs', { nodes: [node(), node({ roles: [], timezoneData: '2025b' })] }, '2026a, 2025b'],
  ['versions-mixed', { nodes: [node(), node({ roles: [], release: 4 })] }, 'release 4'],
  ['api-open', { api: { host: '0.0.0.0', hasCredentials: false } }, '0.0.0.0']
]

describe('each planted fault is found, alone, and with what mends it', () => {
  test.each(planted)('%s (%#)', (check, fault, words) => {
    const findings = examine({ ...sound, ...fault })
    expect(findings.map(finding => finding.check)).toEqual([check])
    expect(findings[0]!.what).toContain(words)
    expect(findings[0]!.why).not.toBe('')
    expect(findings[0]!.mend).not.toBe('')
  })
})

test('a frozen holder of a file lock is noted beside its silence', () => {
  const nodes = [node({ roles: ['web', 'worker'], pid: 9, renewedAt: NOW - 60_000 }), node({ pid: 10 })]
  const held = [{ ...seated[0]!, holder: 'harbour:9' }]
  const findings = examine({ ...sound, nodes, seats: { backend: 'file', seats: held, lock: local } })
  expect(findings.map(({ check, severity }) => [check, severity])).toEqual([
    ['node-silent', 'problem'],
    ['holder-frozen', 'note']
  ])
  expect(findings[1]!.mend).toContain('kill -CONT 9')
})
