import type { ChangeOptions } from '../core/access/by.ts'
import type { Expected } from '../core/schedule/expected.ts'
import type { UpdateOptions } from '../core/schedule/run-time/update-options.ts'
import type { PutAnswer } from '../operations/schedule-writer.ts'

/** Changes that need the code of a task: its options, its schema, its codec. The app that serves the API makes them. */
export interface ApiWrites {
  /** @throws EscapementError `task-unknown`, `schedule-changed`, `schedule-refused`, and what `schedule()` throws */
  readonly putSchedule: (
    id: string,
    options: object,
    change: ChangeOptions,
    expected: Expected | undefined
  ) => Promise<PutAnswer>
  /** @throws EscapementError `schedule-unknown`, and those of `putSchedule` */
  readonly updateSchedule: (
    id: string,
    options: UpdateOptions,
    change: ChangeOptions,
    expected: Expected | undefined
  ) => Promise<PutAnswer>
}
