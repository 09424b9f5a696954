import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { afterEach } from 'vitest'

const CHILD = new URL('child.ts', import.meta.url).pathname
const children: ChildProcess[] = []

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

export type Role = 'open' | 'claim' | 'hold' | 'stall'

/** A real process in the role, which waits for the word to begin. */
export function startChild(file: string, role: Role): ChildProcess {
  const child = fork(CHILD, [file, role], { execArgv: [], stdio: ['ignore', 'pipe', 'inherit', 'ipc'] })
  children.push(child)
  return child
}

/** Gives the word, and answers what the child tells. Rejects when it ends without having told anything. */
export function tellOf<T>(child: ChildProcess): Promise<T> {
  const answer = new Promise<T>((resolve, reject) => {
    child.once('message', message => resolve(message as T))
    child.once('exit', (code, signal) => reject(new Error(`The process ended with ${code ?? signal}.`)))
  })
  child.send('go')
  return answer
}

export async function exitOf(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}
