import { readFailures } from '../../views/work/failures.ts'
import { readTasks } from '../../views/work/tasks.ts'
import { written } from '../../views/written.ts'
import type { EndpointHandlers } from '../handler.ts'

export const workHandlers: EndpointHandlers<'listTasks' | 'listFailures'> = {
  listTasks: ({ store }) => readTasks(store),
  listFailures: async ({ store }) => {
    const { items, ...rest } = await readFailures(store)
    return { items: items.map(group => written(group)), ...rest }
  }
}
