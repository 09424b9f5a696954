import { AsyncLocalStorage } from 'node:async_hooks'
import type { Attempt } from './attempt.ts'

/** The attempt that the running code belongs to, however deep it is, even after its handler has ended. */
export const currentAttempt = new AsyncLocalStorage<Attempt>()
