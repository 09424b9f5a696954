import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { freshFolder } from './books-of-test.ts'
import { LinesProcess } from './lines-process.ts'

const SHORT = { backend: 'store', ttl: 1_500 }

interface Two {
  readonly holder: LinesProcess
  readonly standby: LinesProcess
  readonly term: number
}

/** Two processes on the same books, of which the first holds the seat, and the second would like to. */
async function two(file: string, coordination: object): Promise<Two> {
  const start = (): LinesProcess =>
    new LinesProcess('seat-process.ts', [`sqlite:${file}`, JSON.stringify(coordination)])
  const holder = start()
  const term = await elected(holder)
  await holder.line(/^started$/)
  const standby = start()
  await standby.line(/^started$/)
  return { holder, standby, term }
}

/** Answers the term. What the process has started is ended with the test. */
async function elected(process: LinesProcess): Promise<number> {
  const [, term, child] = /^elected (\d+) child (\d+)$/.exec(await process.line(/^elected/)) ?? []
  onTestFinished(() => end(Number(child)))
  return Number(term)
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}

/** What a process that is stopped says first of all when it goes on. */
function goesOn(process: LinesProcess): Promise<string> {
  process.send('SIGUSR2')
  process.send('SIGCONT')
  return process.line(/^primary/)
}

test('the lock of a process that was killed is free, though a process that it had started lives on', async () => {
  const { holder, standby, term } = await two(join(freshFolder(), 'books.db'), { backend: 'file' })
  await holder.ended('SIGKILL')
  expect(await elected(standby)).toBeGreaterThan(term)
})

test('a graceful stop hands the seat over before it has ended', async () => {
  const { holder, standby, term } = await two(join(freshFolder(), 'books.db'), { backend: 'file' })
  const ended = holder.ended('SIGTERM')
  await holder.line(new RegExp(`^deposed ${term} resigned$`))
  expect(await elected(standby)).toBeGreaterThan(term)
  expect(await ended).toEqual({ code: 0, signal: null })
})

test('who slept while its lock file was replaced knows that it is not the primary any more, at once', async () => {
  const file = join(freshFolder(), 'books.db')
  const { holder, standby, term } = await two(file, { backend: 'file' })
  holder.send('SIGSTOP')
  rmSync(`${file}.lock`)
  expect(await elected(standby)).toBeGreaterThan(term)
  expect(await goesOn(holder)).toBe('primary false, write seat-lost')
  await holder.line(new RegExp(`^deposed ${term} taken$`))
})

test('who slept through its lease knows that it is not the primary any more, at once', async () => {
  const { holder, standby, term } = await two(join(freshFolder(), 'books.db'), SHORT)
  holder.send('SIGSTOP')
  expect(await elected(standby)).toBeGreaterThan(term)
  expect(await goesOn(holder)).toBe('primary false, write seat-lost')
  await holder.line(new RegExp(`^deposed ${term} expired$`))
})

test('a full disk is said, and the process goes on', async () => {
  const lockPath = join(freshFolder(), 'primary.lock')
  const coordination = JSON.stringify({ backend: 'file', lockPath })
  const full = new LinesProcess('seat-process.ts', ['memory:', coordination, 'full'])
  const line = await full.line(/^seat primary failed/)
  expect(line).toContain(`seat-unavailable The lock file ${lockPath} could not be used`)
  await full.line(/^started$/)
})
