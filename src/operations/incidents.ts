import { auditEntryOf, type ChangeOptions, stampOf } from '../core/access/by.ts'
import { EscapementError } from '../core/errors.ts'
import type { Store } from '../store/store.ts'

export interface IncidentsOptions {
  readonly store: Pick<Store, 'acknowledgeIncident'>
  readonly newId: () => string
}

/**
 * Somebody has seen an open incident: it is not told again while it lasts, under the name of the first who did.
 *
 * @throws EscapementError `incident-unknown`
 */
export async function acknowledgeIncident(
  { store, newId }: IncidentsOptions,
  id: string,
  { by }: ChangeOptions = {}
): Promise<void> {
  const stamp = stampOf(by)
  const entry = auditEntryOf(stamp, { id: newId(), action: 'incident.acknowledge', targetId: id })
  if (await store.acknowledgeIncident(id, stamp.actor, entry)) return
  throw new EscapementError('incident-unknown', `There is no open incident with the id ${JSON.stringify(id)}.`)
}
