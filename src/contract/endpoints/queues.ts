import * as v from 'valibot'
import type { Endpoints } from '../endpoint.ts'
import * as bodies from '../bodies.ts'
import * as shapes from '../shapes.ts'

export const queueEndpoints = {
  pauseQueue: {
    method: 'POST',
    path: '/scheduler/queues/{queue}/pause',
    access: 'operator',
    action: 'queue.pause',
    summary: 'Let no worker claim from it',
    body: bodies.changeBody,
    response: shapes.pausedQueue
  },
  resumeQueue: {
    method: 'POST',
    path: '/scheduler/queues/{queue}/resume',
    access: 'operator',
    action: 'queue.resume',
    summary: 'Let workers claim from it again',
    body: bodies.changeBody,
    response: shapes.pausedQueue
  },
  listQueues: {
    method: 'GET',
    path: '/scheduler/queues',
    access: 'viewer',
    summary: 'Queues that have unfinished jobs or are paused',
    response: v.object({ items: v.array(shapes.queue) })
  }
} as const satisfies Endpoints
