import { onTestFinished, type TestContext } from 'vitest'
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

/** Of several tests at once each has to give its own: the imported one belongs to any of them. */
type OnTestFinished = TestContext['onTestFinished']

export async function proxyTo(
  url: string,
  atEnd: OnTestFinished = onTestFinished
): Promise<{ proxy: TcpProxy; url: string }> {
  const target = new URL(url)
  const proxy = await TcpProxy.start(Number(target.port))
  atEnd(() => proxy.stop())
  target.port = String(proxy.port)
  return { proxy, url: target.href }
}

/** An app in the test's own process, on the far side of a proxy. */
export function appOn(database: string, config: EscapementConfig, atEnd: OnTestFinished = onTestFinished): Escapement {
  const app = createEscapement({ database, logger: false, lease: { ttl: LEASE_MS }, abortGrace: 500, ...config })
  atEnd(() => app.stop({ graceMs: 0 }))
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
