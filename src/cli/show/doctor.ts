import type { Command } from 'commander'
import { examine, isProblem } from '../../doctor/examine.ts'
import type { Finding } from '../../doctor/finding.ts'
import { withBooks } from '../books/books.ts'
import { gatherFacts } from './deployment-facts.ts'
import { addCommand, type Invocation, type Ran } from '../command.ts'
import type { ExitStatus } from '../failures.ts'
import { styled } from '../output.ts'

export function addDoctor(program: Command, ran: Ran): void {
  addCommand<object>(program, ran, {
    usage: 'doctor',
    description: 'check the deployment: who schedules, who holds what, and what is wrong',
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

const inWords = (findings: readonly Finding[]): string =>
  findings.length === 0
    ? 'Sound: nothing was found.'
    : findings
        .map(({ check, severity, what, why, fix }) =>
          [
            `${styled(severity === 'problem' ? 'red' : 'yellow', severity)} ${styled('bold', check)}`,
            `  ${what}`,
            `  ${why}`,
            `  ${styled('dim', 'fix:')} ${fix}`
          ].join('\n')
        )
        .join('\n\n')
