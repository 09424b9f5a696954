import { describe, expect, onTestFinished, test } from 'vitest'
import { task } from '../../src/index.ts'
import { type Escapement, EscapementModule, handledBy, type NestModule } from '../../src/nest.ts'

// The real Nest is asked in tests/packages/frameworks.test.ts.
class Greeter {
  handle(): string {
    return 'hello'
  }
}

interface Provider {
  readonly useValue?: Escapement
  readonly useFactory?: (...injected: unknown[]) => unknown
}
interface LifeCycle {
  onApplicationBootstrap(): Promise<void>
  onModuleDestroy(): Promise<void>
}

const greet = () => task('greet', { handler: handledBy(Greeter) })
const config = () => ({ database: 'memory:', logger: false, tasks: [greet()] }) as const

/** As Nest makes them: what the module provides first, and what has hooks last. */
async function madeOf({ providers }: NestModule, instances: readonly object[]) {
  const [first, ...others] = providers as [Provider, ...Provider[]]
  const escapement = first.useValue ?? ((await first.useFactory!()) as Escapement)
  onTestFinished(() => escapement.stop())
  const lifeCycle = others.at(-1)!.useFactory!(escapement, ...instances) as LifeCycle
  return { escapement, lifeCycle }
}

describe('EscapementModule', () => {
  test('asks Nest for the handler classes of its tasks, and starts and stops with the app', async () => {
    const nestModule = EscapementModule.forRoot(config())
    expect(nestModule.providers).toContain(Greeter)
    const { escapement, lifeCycle } = await madeOf(nestModule, [new Greeter()])
    await lifeCycle.onApplicationBootstrap()
    const { promise, resolve } = Promise.withResolvers<string>()
    escapement.on('job.completed', ({ task: name }) => resolve(name))
    await escapement.enqueue('greet', null)
    expect(await promise).toBe('greet')
    await lifeCycle.onModuleDestroy()
    await expect(escapement.enqueue('greet', null)).rejects.toMatchObject({ code: 'stopped' })
  })

  test('a handler class that forRootAsync() was not told of is named at the start', async () => {
    const { lifeCycle } = await madeOf(EscapementModule.forRootAsync({ useFactory: config }), [])
    await expect(lifeCycle.onApplicationBootstrap()).rejects.toMatchObject({
      code: 'config-invalid',
      message: expect.stringContaining('handled by Greeter')
    })
  })
})
