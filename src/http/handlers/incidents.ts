import { acknowledgeIncident } from '../../operations/incidents.ts'
import { viewIncident } from '../../views/incident.ts'
import { written } from '../../views/written.ts'
import type { EndpointHandlers } from '../handler.ts'

const DAY_MS = 86_400_000

export const incidentHandlers: EndpointHandlers<'listIncidents' | 'acknowledgeIncident'> = {
  listIncidents: async ({ store, query: { since } }) => {
    const incidents = await store.readIncidents(since ?? (await store.now()) - DAY_MS)
    return { items: incidents.map(incident => written(viewIncident(incident))) }
  },
  acknowledgeIncident: async ({ store, operator, parameters: { id }, by }) => {
    await acknowledgeIncident({ store, newId: () => operator.newId() }, id, { by })
    return { id }
  }
}
