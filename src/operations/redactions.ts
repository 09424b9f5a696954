import type { AnyTask } from '../core/job/task.ts'
import type { Store } from '../store/store.ts'

/**
 * Makes sure that the books know what people are not shown of these tasks: a process that shows a job may not know its
 * task. Done before the books get a job of it.
 */
export async function keepRedactions(store: Store, tasks: readonly AnyTask[]): Promise<void> {
  const wanted = tasks.flatMap(({ name, redact = [] }) => redact.map(path => ({ task: name, path })))
  if (wanted.length === 0) return
  const known = await store.readRedactions()
  const missing = wanted.filter(({ task, path }) => !known.some(each => each.task === task && each.path === path))
  if (missing.length > 0) await store.keepRedactions(missing)
}
