import { expect, test, vi } from 'vitest'
import { openBooks } from '../src/app/open-books.ts'
import type { Settings } from '../src/settings/settings.ts'

const close = vi.hoisted(() => vi.fn<() => Promise<void>>())

vi.mock('../src/app/open-store.ts', () => ({
  openStore: async () => ({
    close,
    nowAtLatest: async () => {
      throw new Error('The books went away.')
    }
  })
}))

test('books that go away before their time is known are closed again', async () => {
  await expect(openBooks({ database: { kind: 'postgres' } } as Settings, 'caller')).rejects.toThrow(
    'The books went away.'
  )
  expect(close).toHaveBeenCalledOnce()
})
