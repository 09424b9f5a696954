import { onTestFinished } from 'vitest'
import {
  createEscapement,
  type Escapement,
  type EscapementConfig,
  type EventMap,
  type EventName
} from '../../../src/index.ts'
import { TcpProxy } from '../../services/tcp-proxy.ts'

/** A lease short enough that a test sees its end. */
const LEASE_MS = 3_000

export async function proxyTo(url: string): Promise<{ proxy: TcpProxy; url: string }> {
  const target = new URL(url)
  const proxy = await TcpProxy.start(Number(target.port))
  onTestFinished(() => proxy.stop())
  target.port = String(proxy.port)
  return { proxy, url: target.href }
}

/** An app in the test's own process, on the far side of a proxy. */
export function appOn(database: string, config: EscapementConfig): Escapement {
  const app = createEscapement({ database, logger: false, lease: { ttl: LEASE_MS }, abortGrace: 500, ...config })
  onTestFinished(() => app.stop({ graceMs: 0 }))
  return app
}

/** The next such event that fits. */
export function eventOf<Name extends EventName>(
  app: Escapement,
  name: Name,
  fits: (facts: EventMap[Name]) => boolean = () => true
): Promise<EventMap[Name]> {
  return new Promise(resolve => {
    const end = app.on(name, facts => {
      if (!fits(facts)) return
      end()
      resolve(facts)
    })
  })
}
