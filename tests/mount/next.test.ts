import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createEscapement } from '../../src/index.ts'
import { startInNext } from '../../src/next.ts'

// The real Next is asked in tests/packages/next.test.ts.
let file = 0
beforeEach(() => void (file += 1))
afterEach(() => vi.unstubAllEnvs())

/** A copy of the app's module, which creates its Escapement anew, and the options that it was started with. */
function copyOfModule(name = 'shop') {
  const { settings } = createEscapement({ name, database: `sqlite:next-${file}.db`, logger: false })
  const start = vi.fn(async () => undefined)
  return { settings, start }
}

test('it asks for signals, unless told otherwise', async () => {
  const [asked, told] = [copyOfModule(), copyOfModule()]
  await startInNext(asked)
  await startInNext(told, { signals: false, roles: ['worker'] })
  expect(asked.start).toHaveBeenCalledExactlyOnceWith({ signals: true })
  expect(told.start).toHaveBeenCalledExactlyOnceWith({ signals: false, roles: ['worker'] })
})

test('a build starts nothing', async () => {
  vi.stubEnv('NEXT_PHASE', 'phase-production-build')
  const module = copyOfModule()
  await startInNext(module)
  expect(module.start).not.toHaveBeenCalled()
})

test('in production the first copy of a module runs, and another app beside it', async () => {
  vi.stubEnv('NODE_ENV', 'production')
  const [first, second, other] = [copyOfModule(), copyOfModule(), copyOfModule('billing')]
  for (const module of [first, second, other]) await startInNext(module)
  expect([first, second, other].map(({ start }) => start.mock.calls.length)).toEqual([1, 0, 1])
})

test('in development a module that was edited starts again', async () => {
  vi.stubEnv('NODE_ENV', 'development')
  const [first, edited] = [copyOfModule(), copyOfModule()]
  for (const module of [first, edited]) await startInNext(module)
  expect([first, edited].map(({ start }) => start.mock.calls.length)).toEqual([1, 1])
})
