import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pass } from 'node:timers/promises'
import { defineConfig, every, schedule, task, type WebApp } from '../../../src/index.ts'
import page from './page.ts'

/** The app of the launcher's tests. `APP_WEB` says in which way it is a web app, `APP_FAULT` what is wrong with it. */
const fault = process.env['APP_FAULT']
const deedsFile = process.env['APP_DEEDS']

const tick = task('tick', { handler: ({ fireAt }) => console.log(`tick ${fireAt?.toISOString()}`) })

/** Deaf to its signal. */
const sleep = task('sleep', {
  handler: async () => {
    console.log('sleeping')
    await pass(60_000)
  }
})

/** Takes as many milliseconds as its payload says, whatever it hears. */
const steady = task('steady', {
  handler: async ({ payload }) => {
    console.log('steady: began')
    await pass(Number(payload))
    console.log('steady: ended')
  }
})

const webs: Readonly<Record<string, WebApp | string>> = {
  handler: page,
  fetch: { fetch: () => new Response(`${process.title} ${process.pid}\n`) },
  module: join(import.meta.dirname, 'page.ts'),
  itself: join(import.meta.dirname, 'listens-by-itself.ts'),
  late: join(import.meta.dirname, 'listens-late.ts'),
  live: join(import.meta.dirname, 'live.ts'),
  elsewhere: join(import.meta.dirname, 'listens-elsewhere.ts'),
  silent: join(import.meta.dirname, 'silent.ts')
}

function deed(what: string): void {
  if (deedsFile !== undefined) appendFileSync(deedsFile, `${what} ${process.pid}\n`)
}

export default defineConfig({
  tasks: [tick, sleep, steady],
  // However late a busy machine is, each fire time is a job of its own.
  schedules: [schedule('each-second', { task: tick, trigger: every('1s'), coalesce: 'all', overlap: 'allow' })],
  web: webs[process.env['APP_WEB'] ?? 'handler'] ?? page,
  shutdownGrace: '5s',
  abortGrace: process.env['APP_ABORT_GRACE'] ?? '5s',
  setup: () => {
    if (fault === 'ends-early') process.exit(7)
    deed('began')
    process.on('exit', () => deed('ended'))
  }
})
