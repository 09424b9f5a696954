import { isoOf } from '../../core/trigger/instant.ts'
import { viewNode } from '../../views/nodes.ts'
import { readPulse } from '../../views/status.ts'
import { written } from '../../views/written.ts'
import { exposition, formatFor } from '../../metrics/exposition.ts'
import { type CheckedRequest, type EndpointHandlers, TextResponse } from '../handler.ts'
import { statusAnswer } from '../status.ts'

/** Reads more than the time, which a store may know by itself: a row of the books has to be there. */
async function readable({ store, process }: Pick<CheckedRequest<'health'>, 'store' | 'process'>) {
  const now = await store.now()
  await store.ledgerPrunedUntil()
  return { status: 'ok', time: isoOf(now), process: process.name } as const
}

export const processHandlers: EndpointHandlers<
  'summary' | 'live' | 'ready' | 'health' | 'status' | 'listNodes' | 'listSeats' | 'metrics' | 'openApi'
> = {
  summary: async ({ store, redis }) => {
    const [{ now, schedulers }, isConnected] = await Promise.all([readPulse(store), redis()])
    const isWell = schedulers > 0 && isConnected !== false
    return {
      status: isWell ? 'ok' : 'degraded',
      scheduler_running: schedulers > 0,
      redis_connected: isConnected,
      timestamp: isoOf(now)
    }
  },
  live: async ({ process }) => ({ status: 'ok', process: process.name }),
  ready: readable,
  health: readable,
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
