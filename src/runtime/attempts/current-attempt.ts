import { AsyncLocalStorage } from 'node:async_hooks'
import type { Attempt } from './attempt.ts'

/** Which attempt the running code belongs to, however deep it is, and after its handler has ended too. */
export const currentAttempt = new AsyncLocalStorage<Attempt>()
