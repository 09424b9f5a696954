import type { StandardSchemaV1 } from '@standard-schema/spec'
import { onTestFinished } from 'vitest'
import { createEscapement, type Escapement, type EscapementConfig, task } from '../../../src/index.ts'

interface Port {
  readonly port: string
}
const judged = (isRight: boolean, value: unknown) => (isRight ? { value } : { issues: [{ message: 'no harbour' }] })
const schemaOf = <T>(validate: (value: unknown) => unknown): StandardSchemaV1<T> =>
  ({ '~standard': { version: 1, vendor: 'a test', validate } }) as StandardSchemaV1<T>
const aPort = schemaOf<Port>(value => judged(typeof (value as Port | null)?.port === 'string', value))
export const aPortLater = schemaOf<Port>(async value => judged((value as Port).port === 'Emden', value))

export const mail = task('mail', { handler: () => undefined, queue: 'letters', priority: 7, maxAttempts: 4 })
export const call = task('call', { schema: aPort, handler: () => undefined })

export function appOf(config: EscapementConfig = {}): Escapement {
  const app = createEscapement({ name: 'harbour', database: 'memory:', tasks: [mail, call], logger: false, ...config })
  onTestFinished(() => app.stop())
  return app
}

export const stateIn = async (app: Escapement, id = 'digest') =>
  (await (await app.store()).readSchedules([id])).schedules[0]!.state
export const definitionIn = async (app: Escapement, id = 'digest') => (await stateIn(app, id)).definition
