// Written by `npm run reference` from the table of endpoints.
import type { Routes } from '../route.ts'
import type { ApiPausedQueue, ApiQueue } from '../shapes/shapes.ts'

/** Let no worker claim from it. Takes the role operator. */
export interface PauseQueueCall {
  readonly request: { readonly queue: string; readonly reason?: string | undefined }
  readonly response: ApiPausedQueue
}

/** Let workers claim from it again. Takes the role operator. */
export interface ResumeQueueCall {
  readonly request: { readonly queue: string; readonly reason?: string | undefined }
  readonly response: ApiPausedQueue
}

/** Queues that have unfinished jobs or are paused. Takes the role viewer. */
export interface ListQueuesCall {
  readonly request: {}
  readonly response: { readonly items: readonly ApiQueue[] }
}

export const queuesRoutes = {
  pauseQueue: ['POST', '/scheduler/queues/{queue}/pause', 'body'],
  resumeQueue: ['POST', '/scheduler/queues/{queue}/resume', 'body'],
  listQueues: ['GET', '/scheduler/queues']
} as const satisfies Routes
