import type { Guard } from '../guard.ts'

const sealed = 'tests/runtime/attempts/sealed.test.ts'
const redacted = 'tests/runtime/attempts/redacted.test.ts'

/** What a codec seals, and what people are not shown. */
export const sealingGuards: readonly Guard[] = [
  {
    name: 'errors-of-a-sealed-task-are-sealed',
    promise: 'What is kept of an error is sealed by the codec of its task.',
    file: 'src/runtime/attempts/outcome.ts',
    text: 'return task.codecs === undefined || isOwn === true ? whole',
    put: 'return task.codecs === undefined || isOwn !== undefined || task.name !== "" ? whole',
    tests: [[sealed, 'leaves nothing plain in the books']]
  },
  {
    name: 'unreadable-payload-is-final',
    promise: 'A job whose payload or step cannot be decoded is discarded without another attempt.',
    file: 'src/runtime/attempts/outcome.ts',
    text: 'isPayloadRefused || unreadable !== undefined ||',
    put: 'isPayloadRefused ||',
    tests: [[sealed, 'what cannot be decoded']]
  },
  {
    name: 'unreadable-payload-begins-nothing',
    promise: 'A handler does not begin with a payload that cannot be decoded.',
    file: 'src/runtime/attempts/attempts.ts',
    text: 'attempt.unsealPayload()',
    put: '',
    tests: [[sealed, 'a payload whose key is gone']]
  },
  {
    name: 'sealed-errors-are-not-logged',
    promise: 'The log has neither message nor stack of an error that a codec seals.',
    file: 'src/runtime/events/log-subscriber.ts',
    text: 'error === undefined || fields.sealedBy !== undefined ||',
    put: 'error === undefined ||',
    tests: [[sealed, 'has neither the message nor the stack']]
  },
  {
    name: 'sealed-payload-of-a-schedule-stays',
    promise: 'A start leaves the sealed payload of a schedule that is the declared one.',
    file: 'src/core/schedule/register.ts',
    text: 'return isKeptAs(kept.payload) ?',
    put: 'return kept.task === "" ?',
    tests: [['tests/runtime/schedules/sealed-payload.test.ts', 'is sealed once']]
  },
  {
    name: 'redactions-are-kept-before-the-job',
    promise: 'The books know what is redacted before they get a job of the task.',
    file: 'src/operations/enqueue/enqueuer.ts',
    text: 'if (task.redact !== undefined) await this.#keepRedactions(task)\n    return this.#batcherOf',
    put: 'return this.#batcherOf',
    tests: [[redacted, 'from the first enqueue on']]
  },
  {
    name: 'redacted-job-is-not-retried',
    promise: 'A job out of whose payload an export left values does not run again.',
    file: 'src/operations/operator.ts',
    text: 'await this.#assertWhole(job)',
    put: '',
    tests: [[redacted, 'is not run again']]
  },
  {
    name: 'export-redacts-finished-jobs',
    promise: 'An export has finished jobs without what people are not shown.',
    file: 'src/cli/books/redacted-export.ts',
    text: 'paths === undefined || !isFinished(job.state)',
    put: 'paths === undefined || isFinished(job.state)',
    tests: [['tests/cli/books/redacted.test.ts']]
  }
]
