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

test('on loopback the app and the whole API share the port of the web processes', () => {
  const plan = { host: '127.0.0.1', port: 3000, isMovable: false, servesApp: true, api: 'all' }
  expect(planListening(roles, served('127.0.0.1'))).toEqual(plan)
  expect(planListening(['web'], served('localhost'))).toEqual({ ...plan, host: 'localhost' })
})

test('beyond loopback the API takes credentials, and without them shows the health only', () => {
  expect(planListening(['web'], served('0.0.0.0'))).toMatchObject({ host: '0.0.0.0', servesApp: true, api: 'health' })
  const guarded = served('0.0.0.0', { api: { enabled: true, token } })
  expect(planListening(['web'], guarded)).toMatchObject({ host: '0.0.0.0', api: 'all' })
})

test('a process without the app answers on its own port, on loopback unless there are credentials', () => {
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

test('without the API only the app listens', () => {
  const off = { api: { enabled: false, token: undefined } }
  expect(planListening(['web'], served('0.0.0.0', off))).toMatchObject({ servesApp: true, api: 'none' })
  expect(planListening(['scheduler'], served('0.0.0.0', off))).toBeUndefined()
  expect(planListening(['web'], served('0.0.0.0', { ...off, hasApp: false }))).toBeUndefined()
})
