import { describe, expect, test } from 'vitest'

import { asConnectError, asStoreError, classify, isLost } from '../../../src/stores/postgres/errors.ts'
import type { PostgresFault } from '../../../src/stores/postgres/errors.ts'

const location = { database: 'database "app" at db:5432', user: 'me', schema: '"books"' }

const ofServer = (code: string, severity = 'ERROR', message = 'fog'): Error =>
  Object.assign(new Error(message), { code, severity })
const ofSocket = (code: string): Error => Object.assign(new Error(`read ${code}`), { code, syscall: 'read' })

describe('the codes of the server', () => {
  const cases: readonly [code: string, fault: PostgresFault, advice?: string][] = [
    ['40001', 'again'],
    ['40P01', 'again'],
    ['26000', 'again'],
    ['42P05', 'again'],
    ['57014', 'busy'],
    ['55P03', 'busy'],
    ['25006', 'unavailable', 'is read-only'],
    ['57P01', 'unavailable'],
    ['57P03', 'unavailable'],
    ['53100', 'unavailable'],
    ['53300', 'unavailable', 'max_connections'],
    ['08006', 'unavailable'],
    ['08P01', 'unavailable'],
    ['58030', 'unavailable'],
    ['25P03', 'unavailable'],
    ['25P04', 'unavailable'],
    ['0A000', 'other'],
    ['28P01', 'unavailable', 'check user and password'],
    ['28000', 'unavailable', 'pg_hba.conf'],
    ['3D000', 'unavailable', 'create it'],
    ['42501', 'unavailable', 'CREATE SCHEMA "books" AUTHORIZATION "me"'],
    ['23505', 'other'],
    ['42P01', 'unavailable', 'the books in the schema "books" are incomplete'],
    ['42883', 'unavailable', 'are incomplete'],
    ['3F000', 'unavailable', 'DROP SCHEMA "books" CASCADE'],
    ['22012', 'other']
  ]
  test.each(cases)('%s is %s', (code, fault, advice = 'fog') => {
    const error = ofServer(code)
    expect(classify(error)).toBe(fault)
    const storeError = asStoreError(error, location)
    if (fault === 'other') expect(storeError).toBe(error)
    else
      expect(storeError).toMatchObject({
        code: fault === 'unavailable' ? 'store-unavailable' : 'store-busy',
        message: expect.stringContaining('database "app" at db:5432')
      })
    if (fault === 'unavailable') expect((storeError as Error).message).toContain(advice)
  })
})

describe('what the server did not say', () => {
  test.each([
    ofSocket('ECONNRESET'),
    ofSocket('ETIMEDOUT'),
    new Error('Connection terminated unexpectedly'),
    new Error('Query read timeout'),
    new Error('Client has encountered a connection error and is not queryable')
  ])('%s: the connection is gone', error => {
    expect(asStoreError(error, location)).toMatchObject({ code: 'store-unavailable' })
    expect(isLost(error)).toBe(true)
  })

  test('no connection of the pool was free in time', () => {
    const error = new Error('timeout exceeded when trying to connect')
    expect(asConnectError(error, location)).toMatchObject({ code: 'store-busy' })
  })

  test('several addresses were tried in vain', () => {
    const refused = ['::1', '127.0.0.1'].map(host => new Error(`connect ECONNREFUSED ${host}:5432`))
    expect(asConnectError(new AggregateError(refused), location)).toMatchObject({
      code: 'store-unavailable',
      message: expect.stringContaining('ECONNREFUSED ::1:5432, connect ECONNREFUSED 127.0.0.1:5432')
    })
  })

  test('a fault of ours stays what it is', () => {
    const error = new TypeError('x is not a function')
    expect(asStoreError(error, location)).toBe(error)
  })
})

describe('a connection', () => {
  test('outlives an error of a statement, and no other', () => {
    expect(isLost(ofServer('22012'))).toBe(false)
    expect(isLost(ofServer('57P01', 'FATAL'))).toBe(true)
    expect(isLost(ofServer('25006'))).toBe(true)
  })
})
