import { dirname, join } from 'node:path'

/** What the environment says about the ship tracker, read and checked once. */
export interface Settings {
  host: string
  /** 0 takes any free port. */
  port: number
  /** The database that Escapement and the tracker's own tables share. */
  database: Database
  pictureFile: string
  /** How often the ships are fetched, as a duration such as `6h` or `5s`. */
  every: string
  /** The page with the arrivals; without it, the little harbour site that this app serves itself. */
  harbourUrl: string | undefined
  /** The browser to use; without it, the first Chromium or Chrome on the PATH. */
  chromium: string | undefined
}

/** `url` is what Escapement takes. */
export type Database = { kind: 'sqlite'; url: string; file: string } | { kind: 'postgres'; url: string }

type Environment = Readonly<Record<string, string | undefined>>

export function readSettings(env: Environment): Settings {
  const database = readDatabase(
    filled(env, 'ESCAPEMENT_DATABASE_URL') ?? filled(env, 'DATABASE_URL') ?? 'sqlite:./var/ship-tracker.db'
  )
  return {
    host: filled(env, 'HOST') ?? '127.0.0.1',
    port: readPort(filled(env, 'PORT') ?? '3000'),
    database,
    pictureFile: filled(env, 'SHIP_PICTURE') ?? join(folderBeside(database), 'current.bmp'),
    every: filled(env, 'SHIP_EVERY') ?? '6h',
    harbourUrl: readHarbourUrl(filled(env, 'HARBOUR_URL')),
    chromium: filled(env, 'CHROMIUM_PATH')
  }
}

function filled(env: Environment, name: string): string | undefined {
  return env[name]?.trim() || undefined
}

function readDatabase(url: string): Database {
  if (/^postgres(ql)?:\/\//i.test(url)) return { kind: 'postgres', url }
  const file = /^sqlite:(?:\/\/(?=\/))?(.+)$/i.exec(url)?.[1]
  if (file !== undefined && file !== ':memory:') return { kind: 'sqlite', url, file }
  // An address of another scheme may hold a password, so it is not repeated.
  throw new Error(
    `The database's address begins with "${url.split(':', 1)[0]}:"; the ship tracker takes sqlite:<file> or postgres://…, since its own tables live there too`
  )
}

const folderBeside = (database: Database): string => (database.kind === 'sqlite' ? dirname(database.file) : 'var')

function readPort(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65_535) return port
  throw new Error(`PORT is "${text}"; it takes a whole number from 0 to 65535`)
}

function readHarbourUrl(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text
  throw new Error(`HARBOUR_URL is "${text}"; it takes an address that begins with http:// or https://`)
}
