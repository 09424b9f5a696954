import { isoOf } from '../../core/trigger/instant.ts'
import { viewNode } from '../../views/nodes.ts'
import { readPulse } from '../../views/status.ts'
import { written } from '../../views/written.ts'
import { exposition, formatFor } from '../../metrics/exposition.ts'
import { type EndpointHandlers, TextResponse } from '../handler.ts'
import { statusAnswer } from '../status.ts'

export const processHandlers: EndpointHandlers<
  'health' | 'status' | 'listNodes' | 'listSeats' | 'metrics' | 'openApi'
> = {
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
  metrics: async ({ store, scraper, accept }) => {
    if (!/application\/json/i.test(accept)) {
      const format = formatFor(accept)
      return new TextResponse(exposition[format], await scraper.scrape(store, format))
    }
    const [{ now, schedulers }, shares] = await Promise.all([readPulse(store), scraper.hostShares()])
    return {
      timestamp: isoOf(now),
      cpu_percent: shares.cpuPercent,
      memory_percent: shares.memoryPercent,
      disk_usage: shares.diskPercent ?? null,
      scheduler_running: schedulers > 0
    }
  },
  openApi: async ({ process }) => {
    const { openApiDocument } = await import('../../contract/openapi.ts')
    return openApiDocument(process.version)
  }
}
