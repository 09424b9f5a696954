import type { Command } from 'commander'
import { mostConnections } from '../../settings/database-address.ts'
import { some } from '../../doctor/some.ts'
import { isAlive, type Vitals } from '../../store/nodes.ts'
import { viewNode } from '../../views/nodes.ts'
import { type OwnerFacts, refusedInWords } from '../../views/owners.ts'
import { readStatus, type Status } from '../../views/status.ts'
import { written } from '../../views/written.ts'
import { databaseUrl, withBooks } from '../books/books.ts'
import { addCommand, type Invocation, type Ran } from '../command.ts'
import type { ExitStatus } from '../failures.ts'
import { iso, isoOrNull, styled, textTable } from '../output.ts'

export function addStatus(program: Command, ran: Ran): void {
  addCommand<object>(program, ran, {
    usage: 'status',
    description: 'show nodes, queues, schedules, and what no process takes care of',
    examples: ['escapement status', 'escapement status --database sqlite:app.db --json'],
    run: status
  })
}

async function status({ options, output }: Invocation<object>): Promise<ExitStatus> {
  return withBooks<ExitStatus>(options, async (store, { settings }) => {
    const database = databaseUrl(settings.database)
    const connectionsEach = mostConnections(settings.database) ?? null
    const answer = answerOf(await readStatus(store), { database, connectionsEach })
    output.answer(answer, () => inWords(answer))
    return 0
  })
}

type Answer = ReturnType<typeof answerOf>

function answerOf(status: Status, books: { database: string; connectionsEach: number | null }) {
  return {
    ...books,
    now: iso(status.now),
    clockSkewMs: status.clockSkewMs ?? null,
    nodes: status.nodes.map(node => written(viewNode(node))),
    schedules: { ...status.schedules, nextFireAt: isoOrNull(status.nextFireAt) },
    pauseNotes: status.pauseNotes.map(written),
    owners: status.owners,
    queues: status.queues.map(written),
    unknownTasks: status.unknownTasks
  }
}

function inWords(answer: Answer): string {
  const { nodes, schedules, queues, unknownTasks } = answer
  const { active, paused, ended, overdue, ahead, nextFireAt } = schedules
  const nodeRows = nodes.map(node => [
    node.id,
    node.phase,
    node.roles.join(' '),
    `${node.host}:${node.pid}`,
    node.renewedAt,
    ...vitalsInWords(node.vitals)
  ])
  const queueRows = queues.map(({ queue, pausedAt, counts }) => [
    pausedAt === null ? queue : `${queue} (paused)`,
    counts.available ?? 0,
    counts.running ?? 0,
    counts.scheduled ?? 0,
    counts.retryable ?? 0
  ])
  return [
    `Books: ${answer.database}`,
    ...databaseInWords(answer),
    `Schedules: ${active} active, ${paused} paused, ${ended} ended; next fire time ${nextFireAt ?? 'none'}`,
    ...answer.pauseNotes.map(({ scheduleId, note, pausedAt }) => `Paused: ${scheduleId}, since ${pausedAt}: ${note}`),
    ...(overdue > 0 ? [styled('red', `${overdue} overdue: no scheduler is working.`)] : []),
    ...(ahead > 0
      ? [
          styled(
            'red',
            `${ahead} decided ahead of now, by a clock that ran ahead: they do not fire until a scheduler, or "escapement schedules reset", takes that back.`
          )
        ]
      : []),
    ...ownersInWords(answer.owners).map(line => styled('yellow', line)),
    ...unknownTasks.map(({ task, waiting }) =>
      styled('yellow', `${waiting} waiting for the task "${task}", which no live node knows.`)
    ),
    '',
    textTable(
      ['node', 'phase', 'roles', 'process', 'renewed', 'CPU', 'memory', 'loop lag'],
      nodeRows,
      'There are no nodes.'
    ),
    '',
    textTable(['queue', 'available', 'running', 'scheduled', 'retryable'], queueRows, 'There are no unfinished jobs.')
  ].join('\n')
}

/** CPU time, resident memory, and by how much timers were late at most. */
function vitalsInWords(vitals: Vitals | null): string[] {
  if (vitals === null) return ['-', '-', '-']
  const { cpuSeconds, rssBytes, longestLagMs } = vitals
  const lag = longestLagMs === undefined ? '-' : `${Math.round(longestLagMs)} ms`
  return [`${cpuSeconds.toFixed(1)} s`, `${Math.round(rssBytes / 1_048_576)} MB`, lag]
}

function ownersInWords(owners: OwnerFacts): string[] {
  const { orphans, unnamed, keptRemoved, differing, refused, strangers } = owners
  const first = orphans[0]?.id ?? ''
  return [
    ...(orphans.length > 0
      ? [
          `${orphans.length} orphaned: no code names them any more (${some(orphans.map(({ id }) => id))}). escapement schedules remove ${first}`
        ]
      : []),
    ...(unnamed.length > 0
      ? [`${unnamed.length} that no live process names, of an app without a name: ${some(unnamed)}.`]
      : []),
    ...(keptRemoved.length > 0 ? [`Removed for good, though code names them: ${some(keptRemoved)}.`] : []),
    ...differing.map(
      ({ process, release, scheduleIds }) =>
        `${process} (release ${release}) defines schedules differently from the books: ${some(scheduleIds)}.`
    ),
    ...refused.map(each => `${refusedInWords(each)}: refused.`),
    ...strangers.map(words => `Another app under the default name? ${words}.`)
  ]
}

/** Facts of a database with its own clock and connections. */
function databaseInWords({ connectionsEach, clockSkewMs, nodes }: Answer): string[] {
  if (connectionsEach === null || clockSkewMs === null) return []
  const alive = nodes.filter(isAlive).length
  const side = clockSkewMs < 0 ? 'behind' : 'ahead of'
  return [
    `Connections: at most ${connectionsEach} in each process, ${connectionsEach * alive} for the live nodes.`,
    `Clock: the database's, which decides what is due, is ${Math.abs(clockSkewMs)} ms ${side} this host's.`
  ]
}
