import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { callerOn, freshFolder } from './books-of-test.ts'
import { LinesProcess } from './lines-process.ts'

function started(file: string, shutdownGrace = '1h'): LinesProcess {
  return new LinesProcess('signals-process.ts', [file, shutdownGrace])
}

const portOf = async (app: LinesProcess): Promise<string> =>
  (await app.line(/^listens at /)).slice('listens at '.length)

describe('start({ signals: true })', () => {
  test('SIGTERM ends an idle process, after what its own listeners do', async () => {
    const app = started(join(freshFolder(), 'books.db'))
    await portOf(app)
    expect(await app.ended('SIGTERM')).toEqual({ code: 0, signal: null })
    expect(app.output().split('\n').slice(1)).toEqual(['retired', 'stopped', "the app's own listener"])
  })

  test.each(['listens', 'is-deaf'])('another process has the job "%s" at once', async name => {
    const file = join(freshFolder(), 'books.db')
    const caller = callerOn(file)
    const first = started(file, '200ms')
    const { id } = await caller.enqueue(name, null)
    await first.line(new RegExp(`^${name}: began`))
    const second = started(file)
    await portOf(second)
    expect(await first.ended('SIGTERM')).toEqual({ code: 0, signal: null })
    await second.line(new RegExp(`^${name}: began`))
    expect(await caller.jobs.get(id)).toMatchObject({ state: 'running', failures: 0, rescues: 0 })
  })

  test('a request under way is answered, and a new one is refused', async () => {
    const app = started(join(freshFolder(), 'books.db'))
    const port = await portOf(app)
    const slow = fetch(`http://127.0.0.1:${port}/slow`)
    await app.line(/^slow: asked/)
    const ended = app.ended('SIGTERM')
    await app.line(/^retired/)
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow('fetch failed')
    app.send('SIGUSR2')
    expect(await (await slow).text()).toBe('slow')
    expect(await ended).toEqual({ code: 0, signal: null })
  })

  test('a second Ctrl-C waits no longer', async () => {
    const file = join(freshFolder(), 'books.db')
    const caller = callerOn(file)
    const app = started(file)
    await caller.enqueue('listens', null)
    await app.line(/^listens: began/)
    const ended = app.ended('SIGINT')
    await app.line(/^retired/)
    // Signals closer than a quarter of a second count once: a terminal's, and the same one forwarded.
    setTimeout(() => app.send('SIGINT'), 300)
    expect(await ended).toEqual({ code: 0, signal: null })
  })
})
