import { isoOf } from '../../core/trigger/instant.ts'
import { viewNode } from '../../views/nodes.ts'
import { readPulse } from '../../views/status.ts'
import { written } from '../../views/written.ts'
import type { EndpointHandlers } from '../handler.ts'
import { statusAnswer } from '../status.ts'

export const processHandlers: EndpointHandlers<'health' | 'status' | 'listNodes' | 'listSeats' | 'openApi'> = {
  health: async ({ store, process }) => {
    // Reads more than the time, which a store may know by itself: a row of the books has to be there.
    const now = await store.now()
    await store.ledgerPrunedUntil()
    return { status: 'ok', time: isoOf(now), process: process.name }
  },
  status: async ({ store, process }) => statusAnswer(await readPulse(store), process),
  listNodes: async ({ store }) => ({ items: (await store.listNodes()).map(node => written(viewNode(node))) }),
  listSeats: async ({ store }) => ({
    items: (await store.listSeats()).map(({ seat, term, holder, electedAt, renewedAt }) => ({
      ...written({ seat, term, electedAt, renewedAt }),
      holder: holder ?? null
    }))
  }),
  openApi: async ({ process }) => {
    const { openApiDocument } = await import('../../contract/openapi.ts')
    return openApiDocument(process.version)
  }
}
