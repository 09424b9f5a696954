import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createEscapement, type Escapement, type EscapementConfig, task } from '../../../src/index.ts'
import type { CoordinationConfig } from '../../../src/settings/coordination.ts'
import { removeFolder } from '../../remove-folder.ts'

function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'escapement-primary-'))
  onTestFinished(() => removeFolder(folder))
  return folder
}

function app(config: EscapementConfig): Escapement {
  const made = createEscapement({ logger: false, ...config })
  onTestFinished(() => made.stop({ graceMs: 0 }))
  return made
}

const elected = (escapement: Escapement): Promise<number> =>
  new Promise(resolve => escapement.on('seat.elected', ({ term }) => resolve(term)))

test.each<CoordinationConfig>([{ backend: 'file' }, { backend: 'store' }])(
  'of two Escapements in one process one is the primary, and when it stops the other (%o)',
  async coordination => {
    const database = `sqlite:${join(freshFolder(), 'books.db')}`
    const [first, second] = [app({ database, coordination }), app({ database, coordination })]
    const electing = elected(first)
    await first.start()
    expect(await electing).toBe(1)
    const following = elected(second)
    await second.start()
    expect([first.isPrimary(), second.isPrimary()]).toEqual([true, false])
    await first.stop()
    expect(await following).toBe(2)
    expect([first.isPrimary(), second.isPrimary()]).toEqual([false, true])
    expect(await second.seats.list()).toMatchObject([{ seat: 'primary', term: 2, holder: { pid: process.pid } }])
  }
)

test('an app writes in the name of its seat, on books in memory too', async () => {
  const mail = task('mail', { handler: () => 'sent' })
  const escapement = app({ database: 'memory:', tasks: [mail] })
  const asked = new Promise<string>((resolve, reject) => {
    escapement.onPrimary({
      seat: 'reports',
      onElected: tenure => tenure.enqueue(mail, null).then(({ id }) => resolve(id), reject)
    })
  })
  await escapement.start()
  expect((await escapement.jobs.get(await asked))?.task).toBe('mail')
  expect([escapement.isPrimary('reports'), escapement.isPrimary('elsewhere')]).toEqual([true, false])
})

test('a lock file that could not be written is said at the start, and nothing is begun', async () => {
  const folder = freshFolder()
  writeFileSync(join(folder, 'file'), '')
  const lockPath = join(folder, 'file', 'primary.lock')
  const escapement = app({ database: `sqlite:${join(folder, 'books.db')}`, coordination: { lockPath } })
  await expect(escapement.start()).rejects.toMatchObject({ code: 'seat-unavailable' })
  const store = await escapement.store()
  expect(await store.listNodes()).toEqual([])
})
