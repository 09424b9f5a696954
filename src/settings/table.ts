import { alerts } from './rows/alerts.ts'
import { app } from './rows/app.ts'
import { postgres, retention, sqlite } from './rows/books.ts'
import { coordination, lease } from './rows/holding.ts'
import { launch } from './rows/launch.ts'
import { defaults } from './rows/schedules.ts'
import { api, log } from './rows/surroundings.ts'
import { worker } from './rows/worker.ts'
import type { AnyRow, Group } from './row.ts'

/** What a config may hold: single settings, and groups of them. */
export const codeGroups = { defaults, worker, lease, coordination, retention, sqlite, postgres, alerts }

/** What only the environment and the command line can set. */
const outerGroups = { api, log, launch }

export const groups = { app, ...codeGroups, ...outerGroups }

export interface NamedRow {
  /** As code writes it, such as "worker.interval". */
  readonly name: string
  readonly group: keyof typeof groups
  readonly key: string
  readonly row: AnyRow
}

/** Every setting, in the order in which they are shown. */
export const table: readonly NamedRow[] = Object.entries<Group>(groups).flatMap(([group, rows]) =>
  Object.entries(rows).map(([key, row]) => ({
    name: group === 'app' ? key : `${group}.${key}`,
    group: group as keyof typeof groups,
    key,
    row
  }))
)
