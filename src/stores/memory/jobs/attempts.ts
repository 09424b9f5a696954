import type { AttemptKey } from '../../../core/job/job.ts'
import type { StepResult } from '../../../store/jobs.ts'
import type { MemoryBooks } from '../books.ts'
import { currentRow, putJob } from './job-rows.ts'

export function markStarted(books: MemoryBooks, attempt: AttemptKey, now: number): boolean {
  const job = currentRow(books, attempt)
  if (job === undefined) return false
  if (job.startedAt === undefined) putJob(books, { ...job, startedAt: now })
  return true
}

export function saveStep(books: MemoryBooks, attempt: AttemptKey, step: StepResult): boolean {
  if (currentRow(books, attempt) === undefined) return false
  const steps = books.steps.get(attempt.id) ?? new Map<string, string>()
  steps.set(step.name, step.result)
  books.steps.set(attempt.id, steps)
  return true
}

export const readSteps = (books: MemoryBooks, jobId: string): StepResult[] =>
  Array.from(books.steps.get(jobId) ?? [], ([name, result]) => ({ name, result }))

export function saveProgress(books: MemoryBooks, attempt: AttemptKey, progress: string): boolean {
  const job = currentRow(books, attempt)
  if (job === undefined) return false
  putJob(books, { ...job, progress })
  return true
}
