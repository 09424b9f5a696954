import { describe, expect, test } from 'vitest'
import type { Topology } from '../../src/settings/kinds/topologies.ts'
import { freshDatabase } from '../stores/postgres/server.ts'
import { answeredByAll, Started } from './started.ts'

/** Each in another way a web app, so that each way is seen at work. */
const ways: Readonly<Record<Topology, string>> = {
  single: 'handler',
  everywhere: 'fetch',
  primary: 'module',
  dedicated: 'itself',
  fleet: 'handler'
}

const names: Readonly<Record<Topology, readonly string[]>> = {
  single: ['app.1'],
  everywhere: ['web.1', 'web.2'],
  primary: ['web.1', 'web.2'],
  dedicated: ['web.1', 'web.2', 'scheduler.1'],
  fleet: ['web.1', 'web.2', 'scheduler.1', 'worker.1']
}

const TICKS = 4

async function tryOut(topology: Topology, database?: string): Promise<void> {
  const webs = topology === 'single' ? [] : ['--web', '2']
  const started = new Started({
    args: ['--topology', topology, ...webs],
    env: {
      APP_WEB: ways[topology],
      ...(database === undefined ? {} : { ESCAPEMENT_DATABASE_URL: database })
    }
  })
  await started.ready()
  const { processes } = started
  expect(processes.map(({ name }) => name)).toEqual(names[topology])
  const serving = processes.filter(({ roles }) => roles.includes('web'))
  await answeredByAll(
    started.url(),
    serving.map(({ pid }) => pid as number)
  )
  await answersItsApi(started)
  await started.moreTicks(TICKS)
  await started.stop()
  await started.expectEachSecondOnce()
}

/** Each process but those whose module listens by itself, to whoever has the token that the start has made. */
async function answersItsApi(started: Started): Promise<void> {
  for (const { name, roles } of started.processes) {
    if (roles.includes('web') && started.process.output().includes('dedicated')) continue
    const url = started.url(name)
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:/)
    expect(await (await fetch(`${url}/api/v1/health/basic`)).json()).toMatchObject({ status: 'ok' })
    expect((await fetch(`${url}/api/v1/scheduler/status`)).status).toBe(401)
    const ask = async (path: string): Promise<unknown> => (await fetch(`${url}${path}`, started.withToken())).json()
    const status = await ask('/api/v1/scheduler/status')
    expect(status).toMatchObject({ scheduler: { running: true }, nodes: { alive: started.processes.length } })
    const list = await ask('/api/v1/scheduler/schedules')
    expect(list).toMatchObject({ items: [{ id: 'each-second', phase: 'active' }], cursor: null })
  }
}

describe('a schedule of one second fires once each second, and each web process serves the page', () => {
  test('on SQLite: single, everywhere, primary, dedicated', async () => {
    const topologies: readonly Topology[] = ['single', 'everywhere', 'primary', 'dedicated']
    await Promise.all(topologies.map(topology => tryOut(topology)))
  })

  test('on PostgreSQL: all five', async () => {
    const topologies: readonly Topology[] = ['single', 'everywhere', 'primary', 'dedicated', 'fleet']
    await Promise.all(topologies.map(async topology => tryOut(topology, await freshDatabase())))
  })
})
