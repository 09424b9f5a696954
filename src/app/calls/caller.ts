import type { AnyTask } from '../../core/job/task.ts'
import type { OpenBooks } from '../open-books.ts'

/** How the calls of an app reach its books. */
export interface Caller {
  /** @throws EscapementError `stopped`, and what opening the books throws. */
  readonly use: <T>(use: (books: OpenBooks) => T | Promise<T>) => Promise<T>
  /** The tasks of this process. */
  readonly tasks: readonly AnyTask[]
  /** The same for what operators change: wakes this process afterwards. Others notice the change by their watch. */
  readonly operate: <T>(change: (operator: OpenBooks['operator']) => Promise<T>) => Promise<T>
  readonly operateOn: <T>(change: (books: OpenBooks) => Promise<T>) => Promise<T>
  /** Wakes this process, so that it sees at once what was changed otherwise. */
  readonly wake: () => void
}
