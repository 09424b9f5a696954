import { expect, test } from 'vitest'
import type { Endpoint } from '../../src/contract/endpoint.ts'
import { endpoints } from '../../src/contract/endpoints.ts'
import { bodyOf } from '../../src/http/request/body.ts'

const changes = Object.entries<Endpoint>(endpoints).filter(([, { method }]) => method !== 'GET')

test.each(changes)(
  '%s is in the audit by its action, takes a reason, and is not for viewers, who only log in and out',
  async (_, endpoint) => {
    const { action, access, body } = endpoint
    expect(action).toMatch(/^(schedule|job|queue|incident|session)\./)
    expect(action?.startsWith('session.') ? ['viewer'] : ['operator', 'admin']).toContain(access)
    const request = new Request('http://localhost', {
      method: 'POST',
      body: JSON.stringify({ reason: 'why', runAt: '2999-01-01T00:00:00Z' }),
      headers: { 'content-type': 'application/json' }
    })
    // Only some take an instant; a reason is taken by each.
    const read = await bodyOf(request, body!)
    const wrong = 'problem' in read ? read.problem.errors : []
    expect(wrong?.filter(error => 'pointer' in error && error.pointer === '/reason')).toEqual([])
  }
)

test('who only reads sends no body, and is in the audit only when refused', () => {
  const reading = Object.values<Endpoint>(endpoints).filter(({ method }) => method === 'GET')
  expect(reading.filter(({ action, body }) => action !== undefined || body !== undefined)).toEqual([])
})
