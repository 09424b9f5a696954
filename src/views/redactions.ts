import { redact } from '../core/payload/redact.ts'
import type { Redaction } from '../store/declarations.ts'
import type { Store } from '../store/store.ts'

/** The paths of what people are not shown, by task. */
export type Redactions = ReadonlyMap<string, readonly string[]>

export async function readRedactions(store: Store): Promise<Redactions> {
  const byTask = Map.groupBy(await store.readRedactions(), ({ task }: Redaction) => task)
  return new Map(Array.from(byTask, ([task, redactions]) => [task, redactions.map(({ path }) => path)]))
}

interface RedactedParts {
  readonly task: string
  readonly payload: unknown
  readonly progress: unknown
  readonly result: unknown
}

/** A job as people see it. */
export function redactedJob<Shown extends RedactedParts>(job: Shown, redactions: Redactions): Shown {
  const paths = redactions.get(job.task)
  if (paths === undefined) return job
  const { payload, progress, result } = job
  return {
    ...job,
    payload: redact(payload, paths),
    progress: redact(progress, paths),
    result: redact(result, paths)
  }
}
