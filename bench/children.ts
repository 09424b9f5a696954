import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'

export interface Children {
  readonly count: number
  readonly args?: readonly string[]
}

/** Starts processes of a script, hands them to `use` once all of them have said something, and ends them after it. */
export async function withChildren<T>(
  script: URL,
  { count, args = [] }: Children,
  use: (children: readonly ChildProcess[]) => Promise<T>
): Promise<T> {
  const children = Array.from({ length: count }, () => fork(script, args, { stdio: ['ignore', 2, 2, 'ipc'] }))
  try {
    await Promise.all(children.map(messageOf))
    return await use(children)
  } finally {
    for (const child of children) child.kill('SIGKILL')
  }
}

/** Sends the same to each, and resolves with what each replies. */
export const ask = <T>(children: readonly ChildProcess[], message: string): Promise<T[]> =>
  Promise.all(
    children.map(child => {
      const answer = messageOf(child) as Promise<T>
      child.send(message)
      return answer
    })
  )

/** The next message; rejects when the process ends without one. */
export async function messageOf(child: ChildProcess): Promise<unknown> {
  const heard = new AbortController()
  const { signal } = heard
  const ended = once(child, 'exit', { signal }).then(([code, killedBy]) => {
    throw new Error(`a process of the bench ended with ${code ?? killedBy}`)
  })
  ended.catch(() => undefined)
  try {
    const [message] = (await Promise.race([once(child, 'message', { signal }), ended])) as [unknown]
    return message
  } finally {
    heard.abort()
  }
}
