import { Hono } from 'hono'
import { expect, onTestFinished, test } from 'vitest'
import { listen } from '../../examples/ship-tracker/server.ts'

test('a taken port is named', async () => {
  const server = await listen(new Hono(), '127.0.0.1', 0)
  onTestFinished(() => server.close())
  const port = Number(new URL(server.url).port)
  const message = `Port ${port} of 127.0.0.1 is taken by another process; set PORT to a free one`
  await expect(listen(new Hono(), '127.0.0.1', port)).rejects.toThrow(message)
})

test('an address for every interface is told as one that can be visited', async () => {
  const server = await listen(new Hono(), '0.0.0.0', 0)
  onTestFinished(() => server.close())
  expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
})

test('closing lets a request that is under way finish, and takes no other', async () => {
  const entered = Promise.withResolvers<void>()
  const answer = Promise.withResolvers<void>()
  const app = new Hono().get('/', async context => {
    entered.resolve()
    await answer.promise
    return context.text('done')
  })
  const server = await listen(app, '127.0.0.1', 0)
  const request = fetch(server.url).then(response => response.text())
  await entered.promise
  const closed = server.close()
  await expect(fetch(server.url)).rejects.toThrow('fetch failed')
  answer.resolve()
  expect(await request).toBe('done')
  await closed
})
