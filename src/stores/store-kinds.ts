import type { StoreAddress, StoreKind } from '../store/kind.ts'
import { memoryKind } from './memory/kind.ts'
import { pgliteKind } from './pglite/kind.ts'
import { postgresKind } from './postgres/kind.ts'
import { sqliteKind } from './sqlite/kind.ts'

/** Every kind of store, by the `kind` of its addresses. */
export const storeKinds = {
  sqlite: sqliteKind,
  postgres: postgresKind,
  pglite: pgliteKind,
  memory: memoryKind
}

type AddressOf<Kind> = Kind extends StoreKind<infer Address> ? Address : never

/** Where the books are. */
export type DatabaseAddress = {
  [Name in keyof typeof storeKinds]: AddressOf<(typeof storeKinds)[Name]>
}[keyof typeof storeKinds]

/** The kind of an address. The type assertion is safe: each address names its kind. */
export const kindOf = (address: DatabaseAddress): StoreKind<DatabaseAddress> =>
  storeKinds[address.kind] as unknown as StoreKind<DatabaseAddress>

/** The kind whose addresses have this scheme, in lower-case letters. */
export const kindOfScheme = (scheme: string | undefined): StoreKind<DatabaseAddress> | undefined =>
  (Object.values(storeKinds) as readonly StoreKind<StoreAddress>[]).find(
    ({ schemes }) => scheme !== undefined && schemes.includes(scheme)
  ) as StoreKind<DatabaseAddress> | undefined
