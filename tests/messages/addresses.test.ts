import { expect, test } from 'vitest'
import { isEscapementError } from '../../src/core/errors.ts'
import { shownAddress } from '../../src/settings/database-address.ts'
import { resolveSettings } from '../../src/settings/resolve.ts'

/** Every part of a password in these has these letters. */
const secret = /s3|cr3|t5|S3/

const refusal = (database: string): string => {
  try {
    resolveSettings({ database }, {})
  } catch (error) {
    if (isEscapementError(error, 'config-invalid')) return `${error.message} ${JSON.stringify(error.cause ?? '')}`
    throw error
  }
  throw new Error('it was taken')
}

test.each([
  ['postgres://app:s3#cr3t5@db/shop', '%-codes'],
  ['postgres://app:12#s3cr3t5@db/shop', 'ends it too early'],
  ['postgres://app:12/s3cr3t5@db/shop', 'ends it too early'],
  ['postgres://app:12?s3cr3t5@db/shop', 'ends it too early'],
  ['postgres://app:12?s3&cr3t5@db/shop', 'ends it too early'],
  ['postgres://app:s3@12/cr3t5@db/shop', 'ends it too early'],
  ['postgres://app:s3@12#cr3t5@db/shop', 'ends it too early'],
  ['postgres://app:s3/cr3t5@db/shop', '%-codes'],
  ['postgres://app:s3cr3t5@db1,db2/shop', 'several hosts'],
  ['postgres://app:s3cr3t5@db1:5432,db2:5432/shop', 'several hosts'],
  ['postgresql+asyncpg://app:s3cr3t5@db/shop', 'write postgres://…'],
  ['postgresql+psycopg2://app:s3cr3t5@db/shop', 'write postgres://…'],
  ['jdbc:postgresql://db/shop?user=app&password=s3cr3t5', 'write postgres://…'],
  ['host=db user=app password=s3cr3t5 dbname=shop', 'key=value'],
  ['"postgres://app:s3cr3t5@db/shop"', 'quotes'],
  ["'postgres://app:s3cr3t5@db/shop'", 'quotes'],
  ['app:s3cr3t5@db:5432/shop', 'is not an address of the books'],
  ['//app:s3cr3t5@db/shop', 'is not an address of the books'],
  ['postgres:app:s3cr3t5@db/shop', 'not an address of a PostgreSQL database'],
  ['Server=db;User Id=app;Password=s3cr3t5;', 'key=value'],
  ['mysql://app:s3cr3t5@db/shop', 'has the scheme "mysql:"'],
  ['postgres://app:s3cr3t5@db:port/shop', '%-codes']
])('%s is refused, and no part of its password repeated', (database, cure) => {
  expect(refusal(database)).toContain(cure)
  expect(refusal(database)).not.toMatch(secret)
})

test.each([
  ['./app.db', 'Write "sqlite:./app.db"'],
  ['app.db', 'Write "sqlite:app.db"'],
  ['file:./dev.db', 'Write "sqlite:./dev.db"'],
  ['sqlite3:app.db', 'Write "sqlite:app.db"']
])('%s is a file', (database, cure) => {
  expect(refusal(database)).toContain(cure)
})

test.each([
  ['postgres://app:s3@cr3t5@db/shop', 'postgres://app@db/shop'],
  ['postgres://app:s3%23cr3%2Ft5@db/shop', 'postgres://app@db/shop'],
  ['postgres:///shop?host=/var/run/postgresql', 'postgres:///shop'],
  ['postgres://db/shop?user=app@server&password=s3cr3t5', 'postgres://db/shop'],
  ['postgresql://%2Fvar%2Frun/shop', 'postgres://%2Fvar%2Frun/shop'],
  ['postgres://app:s3cr3t5@db:6432/shop?sslmode=require', 'postgres://app@db:6432/shop']
])('%s is taken, and shown as %s', (database, shown) => {
  expect(shownAddress(resolveSettings({ database }, {}).database)).toBe(shown)
})

test.each([
  ['redis://:12#s3cr3t5@cache:6379', 'ends it too early'],
  ['redis://app:12/s3cr3t5@cache', 'ends it too early'],
  ['redis://app:s3cr3t5@a:6379,b:6379', 'several hosts'],
  ['app:s3cr3t5@cache:6379', 'not an address of a Redis server'],
  ['"redis://:s3cr3t5@cache"', 'quotes'],
  ['cache:6379,password=s3cr3t5', 'not an address of a Redis server'],
  ['https://:s3cr3t5@cache', 'not an address of a Redis server']
])('%s is no Redis', (redisUrl, cure) => {
  const resolve = () => resolveSettings({ database: 'memory:', coordination: { backend: 'redis', redisUrl } }, {})
  expect(resolve).toThrow(cure)
  expect(resolve).not.toThrow(secret)
})
