import { aBy } from '../../core/access/by.ts'
import { EscapementError } from '../../core/errors.ts'
import { aFunction, judgedLater } from '../../core/options/forms.ts'
import { describe } from '../../core/options/names.ts'
import { type Door, door, type Form } from '../../core/options/options.ts'
import { isPool, outsideTransactions, type SqlClient } from '../../store/jobs.ts'
import type { EnqueueManyOptions, EnqueueOptions } from './enqueue-options.ts'
import type { JobOptions } from './new-job.ts'

/** Anything that `Number()` reads as an instant, except null, which it reads as 1970. */
export const anInstant: Form = {
  takes: 'a Date or epoch milliseconds',
  code: 'duration-invalid',
  allows: value => typeof value === 'number' || (typeof value === 'object' && typeof value?.valueOf() === 'number'),
  cure: value =>
    typeof value === 'string' ? `Write new Date(${describe(value)}), with Z or an offset in it.` : undefined
}

const jobForms = {
  runAt: anInstant,
  delay: judgedLater,
  queue: judgedLater,
  priority: judgedLater,
  uniqueKey: judgedLater,
  unique: judgedLater,
  id: judgedLater
}

/** The options of one job. {@link newJob} checks most of the values. */
export const jobDoor = door<JobOptions>('options-invalid', jobForms)
export const enqueueDoor = door<EnqueueOptions>('options-invalid', { ...jobForms, client: judgedLater, by: aBy })
export const enqueueManyDoor: Door = door<EnqueueManyOptions<unknown>>('options-invalid', {
  client: judgedLater,
  runAt: anInstant,
  delay: judgedLater,
  queue: judgedLater,
  priority: judgedLater,
  each: aFunction
})

/** Refuses anything but a list, which might be read as no payloads at all. */
export function checkPayloads(payloads: unknown): void {
  if (Array.isArray(payloads)) return
  const isIterable = typeof (payloads as Partial<Iterable<unknown>> | null)?.[Symbol.iterator] === 'function'
  const cure = typeof payloads === 'string' ? '' : isIterable ? ' Write [...payloads].' : ''
  throw new EscapementError(
    'options-invalid',
    `enqueueMany() got ${describe(payloads)} as its payloads; it takes a list.${cure}`
  )
}

/** @throws EscapementError `options-invalid` */
export function refuseBothByAndClient({ by, client }: EnqueueOptions): void {
  if (by !== undefined && client !== undefined)
    throw new EscapementError(
      'options-invalid',
      'enqueue() has both by and client; what is enqueued in a transaction of the app has no entry in the audit.'
    )
}

/** Refuses a pool: each statement may use another connection, so the job would not be part of the transaction. */
export function assertOfTransaction(client: SqlClient): void {
  const words = isPool(client) ? 'a Pool of "pg"' : (Object(client) as SqlClient)[outsideTransactions]
  if (words === undefined) return
  throw new EscapementError(
    'client-invalid',
    `The client of an enqueue is ${words}, on which the job would be no part of your transaction; hand over the transaction's own client ` +
      '(of a Pool: const client = await pool.connect()). Without a transaction leave the option out.'
  )
}
