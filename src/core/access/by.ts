import type { Form } from '../options/options.ts'
import {
  type AccessRole,
  accessRoles,
  type AuditAction,
  type AuditVia,
  auditVias,
  type NewAuditEntry,
  targetKindOf
} from './audit.ts'

const MAX_ACTOR_LENGTH = 200
const MAX_ADDRESS_LENGTH = 100
export const MAX_REASON_LENGTH = 500

/** Who makes a change, for the audit. */
export interface By {
  /** 1 to 200 characters, on one line. */
  readonly actor: string
  /** @default none */
  readonly role?: AccessRole | undefined
  /** @default 'code' */
  readonly via?: AuditVia | undefined
  /**
   * The client's address, 1 to 100 characters.
   * @default none
   */
  readonly address?: string | undefined
  /**
   * Why: 1 to 500 characters, on one line.
   * @default none
   */
  readonly reason?: string | undefined
}

/** The options of a call that changes something. */
export interface ChangeOptions {
  /**
   * Who makes the change, for the audit.
   * @default the actor "code", via "code"
   */
  readonly by?: By | undefined
}

/** Who makes a change, complete. */
export interface Stamp extends Pick<NewAuditEntry, 'actor' | 'role' | 'via' | 'address' | 'reason' | 'bulkId'> {}

/** Nobody was named: it was the app's own code. */
const CODE: By = { actor: 'code', via: 'code' }

export const stampOf = (by: By = CODE, bulkId?: string): Stamp => ({
  actor: by.actor,
  role: by.role,
  via: by.via ?? 'code',
  address: by.address,
  reason: by.reason,
  bulkId
})

/** What a change says of itself. */
export interface AuditedChange {
  readonly id: string
  readonly action: AuditAction
  readonly targetId: string
  readonly before?: object | undefined
  readonly after?: object | undefined
}

/** The entry for something that is done. */
export const auditEntryOf = (stamp: Stamp, { id, action, targetId, before, after }: AuditedChange): NewAuditEntry => ({
  ...stamp,
  id,
  action,
  targetKind: targetKindOf(action),
  targetId,
  before: before && JSON.stringify(before),
  after: after && JSON.stringify(after),
  outcome: 'done',
  count: 1
})

/** A terminal would obey control characters, and PostgreSQL keeps no half of a surrogate pair. */
export const isLine = (value: unknown, longest: number): boolean =>
  typeof value === 'string' && value.trim() !== '' && value.length <= longest && !/\p{Cc}|\p{Cs}/u.test(value)

/** A text of a client, as the books can keep it: without what {@link isLine} refuses, and not longer. */
export const asLine = (text: string, longest: number): string =>
  text
    .replaceAll(/\p{Cc}|\p{Cs}/gu, '?')
    .slice(0, longest)
    .replace(/\p{Cs}$/u, '?')

/** Who was refused, as a request says: nothing of it may keep the books from taking the entry. */
export const asRefused = ({ actor, role, via, address, reason }: By): By => ({
  actor: asLine(actor, MAX_ACTOR_LENGTH),
  role,
  via,
  address: address && asLine(address, MAX_ADDRESS_LENGTH),
  reason: reason && asLine(reason, MAX_REASON_LENGTH)
})

const members: Readonly<Record<keyof By, (value: unknown) => boolean>> = {
  actor: value => isLine(value, MAX_ACTOR_LENGTH),
  role: value => value === undefined || accessRoles.includes(value as AccessRole),
  via: value => value === undefined || auditVias.includes(value as AuditVia),
  address: value => value === undefined || isLine(value, MAX_ADDRESS_LENGTH),
  reason: value => value === undefined || isLine(value, MAX_REASON_LENGTH)
}

const wrongMember = (given: object): string | undefined =>
  Object.keys(given).find(name => !Object.hasOwn(members, name)) ??
  Object.entries(members).find(([name, allows]) => !allows((given as Record<string, unknown>)[name]))?.[0]

/** For the doors of calls that change something. */
export const aBy: Form = {
  takes: `who makes the change: { actor, role?, via?, address?, reason? }, each a text on one line; a reason has at most ${MAX_REASON_LENGTH} characters`,
  allows: value => typeof value === 'object' && value !== null && wrongMember(value) === undefined,
  cure: value => {
    if (typeof value === 'string') return `Write { actor: ${JSON.stringify(value)} }.`
    const wrong = typeof value === 'object' && value !== null ? wrongMember(value) : undefined
    return wrong === undefined ? undefined : `Look at its member ${JSON.stringify(wrong)}.`
  }
}
