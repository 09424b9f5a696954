import { expect, test } from 'vitest'
import { readSettings } from '../../examples/ship-tracker/settings.ts'

test('without a word from the environment it serves this machine only, every six hours', () => {
  expect(readSettings({})).toEqual({
    host: '127.0.0.1',
    port: 3000,
    database: { kind: 'sqlite', url: 'sqlite:./var/ship-tracker.db', file: './var/ship-tracker.db' },
    pictureFile: 'var/current.bmp',
    every: '6h',
    harbourUrl: undefined,
    chromium: undefined
  })
})

test('the picture lies beside the database, unless it is put elsewhere', () => {
  expect(readSettings({ DATABASE_URL: 'sqlite:/srv/ships/ships.db' }).pictureFile).toBe('/srv/ships/current.bmp')
  expect(readSettings({ DATABASE_URL: 'sqlite:///srv/ships/ships.db' }).database).toMatchObject({
    file: '/srv/ships/ships.db'
  })
  expect(readSettings({ SHIP_PICTURE: '/srv/www/current.bmp' }).pictureFile).toBe('/srv/www/current.bmp')
  const both = { ESCAPEMENT_DATABASE_URL: 'sqlite:a.db', DATABASE_URL: 'sqlite:b.db' }
  expect(readSettings(both).database).toMatchObject({ file: 'a.db' })
})

test('with a database on a server the picture lies where it would without one', () => {
  const DATABASE_URL = 'postgres://me:secret@db/ships'
  expect(readSettings({ DATABASE_URL })).toMatchObject({
    database: { kind: 'postgres', url: DATABASE_URL },
    pictureFile: 'var/current.bmp'
  })
})

test.each([
  [{ PORT: '80a' }, 'PORT is "80a"; it takes a whole number from 0 to 65535'],
  [{ PORT: '70000' }, 'PORT is "70000"'],
  [{ DATABASE_URL: 'mysql://me:secret@db/ships' }, 'begins with "mysql:"; the ship tracker takes sqlite:<file>'],
  [{ DATABASE_URL: 'sqlite::memory:' }, 'the ship tracker takes sqlite:<file>'],
  [{ DATABASE_URL: 'sqlite:' }, 'the ship tracker takes sqlite:<file>'],
  [{ HARBOUR_URL: 'harbour.example' }, 'HARBOUR_URL is "harbour.example"; it takes an address']
])('a wrong value is named with what it takes: %j', (env, message) => {
  expect(() => readSettings(env)).toThrow(message)
})

test('the address of another database is not repeated: it may hold a password', () => {
  expect(() => readSettings({ DATABASE_URL: 'mysql://me:secret@db/ships' })).toThrow(/^(?!.*secret)/)
})
