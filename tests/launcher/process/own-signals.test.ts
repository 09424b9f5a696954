import { expect, onTestFinished, test } from 'vitest'
import { appListeners, ownSignals } from '../../../src/launcher/process/own-signals.ts'

test('signals come to us alone, and the app is called when we say so', async () => {
  onTestFinished(() => {
    // The one of its class, which ours covers.
    Reflect.deleteProperty(process, 'emit')
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.removeAllListeners(signal)
  })
  const heard: string[] = []
  const arrived = Promise.withResolvers<void>()
  // A listener of before is the app's too, although Node has bound the signal to the emit of its time.
  const early = (signal: string): void => void heard.push(`early, ${signal}`)
  process.on('SIGTERM', early)
  ownSignals({
    SIGTERM: () => {
      heard.push('ours')
      arrived.resolve()
    },
    SIGINT: () => undefined,
    SIGHUP: () => undefined
  })
  const app = (signal: string): void => void heard.push(`the app, ${signal}`)
  process.on('SIGTERM', app)
  process.once('SIGINT', app)
  process.on('beforeExit', app)
  onTestFinished(() => void process.off('beforeExit', app))
  process.kill(process.pid, 'SIGTERM')
  await arrived.promise
  process.emit('SIGINT')
  expect(heard).toEqual(['ours'])
  expect(appListeners()).toEqual([early, app])
  process.emit('beforeExit', 0)
  expect(heard).toEqual(['ours', 'the app, 0'])
})
