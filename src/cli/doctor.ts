import type { Command } from 'commander'
import { examine, isProblem } from '../doctor/examine.ts'
import type { Facts } from '../doctor/facts.ts'
import type { Finding } from '../doctor/finding.ts'
import type { Settings } from '../settings/settings.ts'
import type { Store } from '../store/store.ts'
import { withBooks } from './books.ts'
import { addCommand, type Invocation, type Ran } from './command.ts'
import type { ExitStatus } from './failures.ts'
import { styled } from './output.ts'

/** Due for longer than this without a decision: whoever schedules does not keep up, or is not there. */
const OVERDUE_AFTER_MS = 5_000
const MOST_OVERDUE = 100

export function addDoctor(program: Command, ran: Ran): void {
  addCommand<object>(program, ran, {
    usage: 'doctor',
    description: 'check the deployment: who schedules, who holds what, and what will hurt',
    examples: ['escapement doctor', 'escapement doctor --database postgres://app@db/app --json'],
    run: doctor
  })
}

async function doctor({ options, output }: Invocation<object>): Promise<ExitStatus> {
  return withBooks<ExitStatus>(options, async (store, { settings }) => {
    const findings = examine(await gatherFacts(store, settings))
    const isSound = !findings.some(isProblem)
    output.answer({ ok: isSound, findings }, () => inWords(findings))
    return isSound ? 0 : 1
  })
}

async function gatherFacts(store: Store, settings: Settings): Promise<Facts> {
  const { now, schedules } = await store.dueSchedules(MOST_OVERDUE)
  const due = schedules.map(({ state }) => ({ id: state.id, dueAt: state.nextFireAt ?? now }))
  return {
    now,
    reach: store.traits.reach,
    topology: undefined,
    leaseTtlMs: settings.leaseTtlMs,
    nodes: await store.listNodes(),
    overdue: due.filter(({ dueAt }) => dueAt < now - OVERDUE_AFTER_MS),
    backlogs: await store.taskBacklogs(),
    api: undefined,
    database: {},
    seats: undefined,
    redis: undefined
  }
}

const inWords = (findings: readonly Finding[]): string =>
  findings.length === 0
    ? 'Sound: nothing was found wanting.'
    : findings
        .map(({ check, severity, what, why, mend }) =>
          [
            `${styled(severity === 'problem' ? 'red' : 'yellow', severity)} ${styled('bold', check)}`,
            `  ${what}`,
            `  ${why}`,
            `  ${styled('dim', 'mend:')} ${mend}`
          ].join('\n')
        )
        .join('\n\n')
