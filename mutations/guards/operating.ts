import type { Guard } from '../guard.ts'

const examine = 'tests/doctor/examine.test.ts'
const planted = 'each planted fault is found'
const exportTests = 'tests/cli/books/export-format.test.ts'

/** What an operator meets: the command line, the checklist, the API, settings, moving books. */
export const operatingGuards: readonly Guard[] = [
  {
    name: 'verify-exits-with-1',
    promise: '`escapement verify` exits with 1 when the books are not in order.',
    file: 'src/cli/show/verify.ts',
    text: 'return isOk ? 0 : 1',
    put: 'return isOk ? 0 : 0',
    tests: [['tests/cli/books.test.ts', 'a row that is gone: exit status 1']]
  },
  {
    name: 'unreadable-definition-is-not-in-order',
    promise: 'A definition that this release cannot read is not called in order.',
    file: 'src/views/verification.ts',
    text: 'schedules.every(isInOrder) && !hasUnreadable',
    put: 'schedules.every(isInOrder) && hasUnreadable !== undefined',
    tests: [['tests/cli/books.test.ts', 'a definition that this release cannot read']]
  },
  {
    name: 'wrong-use-exits-with-2',
    promise: 'Wrong use of the command line exits with 2.',
    file: 'src/cli/failures.ts',
    text: 'status: wrongUseCodes.has(error.code) ? 2 : 1',
    put: 'status: 1',
    tests: [['tests/cli/show/preview.test.ts', 'wrong use: exit status 2']]
  },
  {
    name: 'export-that-is-cut-off-is-refused',
    promise: 'An export that was cut off is refused at its end.',
    file: 'src/cli/books/export-format.ts',
    text: "if (value['end'] !== records) throw cutOff(records)",
    put: '',
    tests: [[exportTests]]
  },
  {
    name: 'export-without-an-end-is-refused',
    promise: 'An export without an end is refused.',
    file: 'src/cli/books/export-format.ts',
    text: '  throw cutOff(records)\n}\n\n/** Gathers',
    put: '}\n\n/** Gathers',
    tests: [[exportTests]]
  },
  {
    name: 'export-parts-are-bounded',
    promise: 'A part of an import is bounded in bytes, not only in number.',
    file: 'src/cli/books/export-format.ts',
    text: ' || this.#characters >= PART_CHARACTERS',
    put: '',
    tests: [[exportTests, 'are small though the records be large']]
  },
  {
    name: 'import-into-empty-books-only',
    promise: 'Books are imported into empty ones only, part after part.',
    file: 'src/stores/sqlite/statements/import-part.ts',
    text: "if (!isNext) return 'not-empty'",
    put: '',
    tests: [['tests/stores/sqlite/conformance.test.ts', 'moving: ']]
  },
  {
    name: 'import-continues-the-fences',
    promise: 'Fences of imported books go on where they were.',
    file: 'src/stores/sqlite/statements/import-part.ts',
    text: 'last_fence = max(last_fence, ?)',
    put: 'last_fence = min(last_fence, ?)',
    tests: [['tests/stores/sqlite/conformance.test.ts', 'moving: ids of the books and fences']]
  },
  {
    name: 'moved-at-most-once-is-lost-visibly',
    promise: 'A running at-most-once job that is moved is discarded as lost, and not run again.',
    file: 'src/core/job/imported-job.ts',
    text: "if (job.state !== 'running') return job",
    put: "if (job.state !== 'running' || job.delivery === 'at-most-once') return job",
    tests: [['tests/stores/memory/store.test.ts', 'moving: jobs live on, each by its state']]
  },
  {
    name: 'doctor-finds-a-second-scheduler',
    promise: '`escapement doctor` finds a second scheduler where the topology means one.',
    file: 'src/doctor/nodes.ts',
    text: 'schedulers.length <= 1) return []',
    put: 'schedulers.length <= 2) return []',
    tests: [[examine, planted]]
  },
  {
    name: 'doctor-finds-a-silent-node',
    promise: '`escapement doctor` finds a node that no longer renews.',
    file: 'src/doctor/nodes.ts',
    text: 'isAlive(node) && node.renewedAt >= now - leaseTtlMs',
    put: 'isAlive(node) && node.renewedAt <= now + leaseTtlMs',
    tests: [[examine, planted]]
  },
  {
    name: 'doctor-finds-unknown-tasks',
    promise: '`escapement doctor` finds jobs of tasks that no live process knows.',
    file: 'src/doctor/work.ts',
    text: 'filter(({ waiting }) => waiting > 0)',
    put: 'filter(({ waiting }) => waiting > 9)',
    tests: [[examine, planted]]
  },
  {
    name: 'doctor-finds-commits-that-do-not-last',
    promise: '`escapement doctor` finds commits that a power cut takes back.',
    file: 'src/doctor/database.ts',
    text: "synchronous_commit: ['off'],",
    put: 'synchronous_commit: [],',
    tests: [[examine, planted]]
  },
  {
    name: 'doctor-is-silent-on-a-sound-deployment',
    promise: '`escapement doctor` finds nothing in a sound deployment.',
    file: 'src/doctor/seats.ts',
    text: 'filter(({ holder }) => holder === undefined)',
    put: 'filter(({ holder }) => holder !== undefined)',
    tests: [[examine, 'a sound deployment gives no finding']]
  },
  {
    name: 'api-takes-a-token',
    promise: 'The management API serves no caller without the token.',
    file: 'src/http/access.ts',
    text: 'isSecretOf(presented, hashOfSecret(configured))',
    put: 'hashOfSecret(presented) !== configured',
    tests: [['tests/http/api.test.ts', 'a caller without the token']]
  },
  {
    name: 'no-credentials-no-api',
    promise: 'Without credentials the management API serves nobody, whether on loopback or mounted.',
    file: 'src/http/access.ts',
    text: 'if (caller === undefined) return presentedBy',
    put: 'if (caller === undefined) return undefined && presentedBy',
    tests: [['tests/http/api.test.ts', 'where there are no credentials']]
  },
  {
    name: 'role-is-high-enough',
    promise: 'What jobs hold is for operators.',
    file: 'src/http/access.ts',
    text: 'accessRoles.indexOf(caller.role) >= accessRoles.indexOf(access)',
    put: 'accessRoles.includes(caller.role)',
    tests: [['tests/http/access.test.ts', 'each role may do']]
  },
  {
    name: 'refused-callers-are-noted',
    promise: 'What callers are refused is in the audit.',
    file: 'src/http/guard.ts',
    text: 'this.#note(caller, wanted)',
    put: '',
    tests: [['tests/http/access.test.ts', 'what is refused is there too']]
  },
  {
    name: 'api-that-is-off-is-off',
    promise: 'With SCHEDULER_API_ENABLED=false only the health check is served.',
    file: 'src/http/api.ts',
    text: "options.serves === 'all' || access === 'anyone'",
    put: 'true',
    tests: [['tests/http/api.test.ts', 'where the API is off']]
  },
  {
    name: 'api-body-is-bounded',
    promise: 'Of a body that is too large no more is read.',
    file: 'src/http/request/body.ts',
    text: 'if (bytes > MAX_BODY_BYTES) return undefined',
    put: 'if (bytes > 100 * MAX_BODY_BYTES) return undefined',
    tests: [['tests/http/steering.test.ts', 'that is too large']]
  },
  {
    name: 'api-body-is-json',
    promise: 'A form of another site changes nothing.',
    file: 'src/http/request/body.ts',
    text: "text !== '' && !isJsonType(",
    put: "text === '' && !isJsonType(",
    tests: [['tests/http/steering.test.ts', 'of another type']]
  },
  {
    name: 'api-body-has-no-inherited-members',
    promise: 'A member of a body that no schema names is refused, whatever its name.',
    file: 'src/http/request/checked.ts',
    text: 'filter(name => !known.includes(name))',
    put: 'filter(name => !(name in membersOf(schema)))',
    tests: [['tests/http/steering.test.ts', 'by the place in it']]
  },
  {
    name: 'made-token-is-private',
    promise: 'A token that others could read is replaced.',
    file: 'src/launcher/api-token.ts',
    text: ' && (statSync(file).mode & 0o077) === 0',
    put: '',
    tests: [['tests/launcher/api-token.test.ts', 'one that others could read']]
  },
  {
    name: 'api-pages-are-bounded',
    promise: 'A page of the API has at most 200 items.',
    file: 'src/contract/queries.ts',
    text: 'v.maxValue(MAX_PAGE, limitTakes)',
    put: 'v.maxValue(9_999, limitTakes)',
    tests: [['tests/http/api.test.ts', 'a limit of']]
  },
  {
    name: 'api-tells-callers-no-inner-errors',
    promise: 'A fault of the server’s own tells callers nothing and the log all.',
    file: 'src/http/problems.ts',
    text: "title: 'The request failed inside the server; its log has the error.' }",
    put: "title: 'The request failed inside the server; its log has the error.', detail: String(error) }",
    tests: [['tests/http/api.test.ts', 'with a fault of its own is 500']]
  },
  {
    name: 'three-tries-to-renew',
    promise: 'Who holds something gets three tries to renew it within its time.',
    file: 'src/settings/renewal-times.ts',
    text: 'Math.floor(ttlMs / 3)',
    put: 'Math.floor(ttlMs / 2)',
    tests: [['tests/settings/coordination.test.ts', 'times']]
  },
  {
    name: 'node-that-is-too-old-is-named',
    promise: 'A Node that is too old is refused by name.',
    file: 'src/node-version.ts',
    text: 'major === oldestMajor && minor >= oldestMinor',
    put: 'major === oldestMajor',
    tests: [['tests/node-version.test.ts']]
  },
  {
    name: 'change-of-a-stale-revision-is-refused',
    promise: 'A change of a schedule that names another revision writes nothing.',
    file: 'src/core/schedule/expected.ts',
    text: 'expected.includes(state?.revision ?? Number.NaN)',
    put: 'true',
    tests: [['tests/http/schedules.test.ts', 'is refused for another revision, and writes nothing']]
  },
  {
    name: 'change-without-if-match-is-refused',
    promise: 'A schedule is changed or removed by HTTP only by who says which revision was read.',
    file: 'src/http/request/precondition.ts',
    text: "if (precondition === 'required') return { problem: missing }",
    put: '',
    tests: [['tests/http/schedules.test.ts', 'is refused without If-Match where it needs one']]
  },
  {
    name: 'retry-with-a-payload-runs-at-most-once-jobs-once',
    promise: 'A retry with another payload of a job that is to run at most once needs "again".',
    file: 'src/operations/enqueue/retry-with.ts',
    text: "if (delivery === 'at-most-once' && !again) throw onlyOnce(id)",
    put: '',
    tests: [['tests/http/jobs.test.ts', 'of one that is to run at most once has to say']]
  },
  {
    name: 'job-that-nobody-runs-is-refused',
    promise: 'A job is enqueued by HTTP only if a live process runs its task, or it may wait.',
    file: 'src/http/handlers/jobs.ts',
    text: 'if (!mayWait) await assertRun(store, task)',
    put: '',
    tests: [['tests/http/jobs.test.ts', 'is refused if no live process runs its task']]
  }
]
