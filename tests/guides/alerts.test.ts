import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test, vi } from 'vitest'
import { webhook } from '../../src/channels/webhook.ts'
import { viewOfNotice } from '../../src/core/alerts/channel.ts'
import { alertRules } from '../../src/core/alerts/rule.ts'
import type { Escapement } from '../../src/index.ts'
import { Cluster } from '../runtime/alerts/cluster.ts'
import { blocksOf, textOf, writePrograms } from './blocks.ts'

interface Program {
  readonly app: Escapement
  readonly told: readonly string[]
}

test('the guide has a row for each rule', () => {
  const [, rules = ''] = textOf('docs/guides/alerts.md').split('## ')
  const rows = [...rules.matchAll(/^\| `([a-z-]+)` \| /gm)].map(([, rule]) => rule)
  expect(rows).toEqual(alertRules)
})

test('the app of the guide tells of a schedule that fails', async () => {
  for (const variable of ['ALERTS_URL', 'SMTP_URL']) vi.stubEnv(variable, undefined)
  onTestFinished(() => void vi.unstubAllEnvs())
  const { app, told } = (await import(join(writePrograms(blocksOf('alerts.md')), 'alerts.ts'))) as Program
  onTestFinished(() => app.stop())
  const { tasks, schedules, alerts } = app.settings
  const cluster = new Cluster({ channels: alerts.channels!, schedules: alerts.schedules! })
  cluster.lab.clock.set('2026-02-01T00:55:00Z')
  await cluster.node({ tasks, schedules })
  await cluster.pass(10 * 60_000)
  expect(told).toEqual([
    expect.stringContaining('failed nightly\nnightly: its last job failed for good: the bank is away')
  ])
  expect(told[0]).toContain('Since 2026-02-01 02:00:00 +01:00 Europe/Berlin (2026-02-01T01:00:00Z).')
})

test('the receiver of the guide takes what the webhook sends, and nothing else', async () => {
  const { isGenuine } = (await import(join(writePrograms(blocksOf('alerts.md')), 'receiver.ts'))) as {
    isGenuine: (headers: Headers, body: string, secret: string) => boolean
  }
  const secret = 'a-secret-of-the-receiver'
  const requests: Request[] = []
  const server = createServer((request, response) => {
    void text(request).then(body => {
      requests.push(
        new Request('http://x', { method: 'POST', headers: request.headers as Record<string, string>, body })
      )
      response.end()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const notice = {
    id: '1',
    kind: 'test',
    rule: undefined,
    isCritical: false,
    madeAt: 0,
    title: 't',
    text: '',
    more: 0
  } as const
  const sending = { idempotencyKey: 'k', signal: new AbortController().signal }
  await webhook({ url, secret }).send(viewOfNotice({ ...notice, incidents: [] }), sending)
  const [request] = requests
  const body = await request!.text()
  expect(isGenuine(request!.headers, body, secret)).toBe(true)
  expect(isGenuine(request!.headers, `${body} `, secret)).toBe(false)
  expect(isGenuine(request!.headers, body, 'another-secret-altogether')).toBe(false)
  expect(
    isGenuine(new Headers({ ...Object.fromEntries(request!.headers), 'escapement-time': '1' }), body, secret)
  ).toBe(false)
})
