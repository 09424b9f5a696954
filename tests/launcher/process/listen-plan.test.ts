import { expect, test } from 'vitest'
import { planListening, type Served } from '../../../src/launcher/process/listen-plan.ts'
import { roles } from '../../../src/settings/kinds/roles.ts'

const ports = {
  web: { number: 3000, isAsked: false },
  scheduler: { number: 5002, isAsked: false },
  worker: { number: 0, isAsked: false }
}
const token = 'a-token-of-sixteen'
const served = (host: string, more: Partial<Served> = {}): Served => ({
  hasApp: true,
  api: { enabled: true, token: undefined },
  launch: { host, ports },
  ...more
})

test('the app and the API in front of it share the port of the web processes', () => {
  const plan = { host: '127.0.0.1', port: 3000, isMovable: false, servesApp: true, api: 'all' }
  expect(planListening(roles, served('127.0.0.1'))).toEqual(plan)
  expect(planListening(['web'], served('0.0.0.0'))).toEqual({ ...plan, host: '0.0.0.0' })
})

test('a process without the app answers on its own port, on loopback unless a token is configured', () => {
  expect(planListening(['scheduler', 'worker'], served('0.0.0.0'))).toEqual({
    host: '127.0.0.1',
    port: 5002,
    isMovable: true,
    servesApp: false,
    api: 'all'
  })
  expect(planListening(['worker'], served('::'))).toMatchObject({ host: '127.0.0.1', port: 0 })
  const guarded = served('0.0.0.0', { api: { enabled: true, token } })
  expect(planListening(['scheduler'], guarded)).toMatchObject({ host: '0.0.0.0', port: 5002 })
  expect(planListening(['web'], served('0.0.0.0', { hasApp: false }))).toMatchObject({ host: '127.0.0.1', port: 3000 })
})

test('a port that somebody asked for is not exchanged for another', () => {
  const asked = { host: '127.0.0.1', ports: { ...ports, scheduler: { number: 6002, isAsked: true } } }
  expect(planListening(['scheduler'], served('', { launch: asked }))).toMatchObject({ port: 6002, isMovable: false })
})

test('without the API each process still answers health checks', () => {
  const off = { api: { enabled: false, token: undefined } }
  expect(planListening(['web'], served('0.0.0.0', off))).toMatchObject({ servesApp: true, api: 'health' })
  expect(planListening(['scheduler'], served('0.0.0.0', off))).toMatchObject({ port: 5002, api: 'health' })
})
