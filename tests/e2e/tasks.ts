import { once } from 'node:events'
import { task } from '../../src/index.ts'

const say = (line: string): void => console.log(line)

/** Resolves when the process no longer needs the handlers that listen to nothing. */
export const deafness = Promise.withResolvers<void>()

/** Ends well, and leaves a timer behind that throws. */
export const leavesTimer = task('leaves-timer', {
  maxAttempts: 1,
  handler: () => {
    setTimeout(() => {
      throw new Error('The timer that was left behind went off.')
    }, 50)
    return 'left'
  }
})

/** Runs until its signal is aborted. */
export const listens = task('listens', {
  maxAttempts: 1,
  handler: async ({ signal, attempt }) => {
    say(`listens: began attempt ${attempt}`)
    if (!signal.aborted) await once(signal, 'abort')
    say('listens: aborted')
    throw signal.reason
  }
})

/** Runs until its process is asked to end, and then ends well. */
export const finishes = task('finishes', {
  maxAttempts: 1,
  handler: async () => {
    say('finishes: began')
    await once(process, 'SIGTERM')
    return 'finished'
  }
})

/** Ignores its signal; when it goes on, its attempt is no longer the current one. */
export const isDeaf = task('is-deaf', {
  maxAttempts: 1,
  timeout: '200ms',
  handler: async ({ transaction }) => {
    say('is-deaf: began')
    await deafness.promise
    try {
      return await transaction(tx => tx.exec('CREATE TABLE written_too_late (nothing)'))
    } catch (error) {
      say(`is-deaf: ${(error as { code?: string }).code}`)
      throw error
    }
  }
})

export const tasks = [leavesTimer, listens, finishes, isDeaf]
