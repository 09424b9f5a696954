interface Variable {
  /** What it decides, and what it takes. */
  readonly meaning: string
  /** Its default, or an example of what it takes where there is none. */
  readonly example: string
}

/** Every variable of the environment that Escapement reads. `.env.example` is written from this table, and a test compares the two. */
export const variables = {
  NODE_ENV: {
    meaning:
      'production or development (anything else). They differ in the defaults of HOST, WEB_CONCURRENCY and --max-restarts',
    example: 'development'
  },
  ESCAPEMENT_DATABASE_URL: {
    meaning: 'Where the books are: sqlite:path, sqlite:///absolute/path, postgres://…, or memory:',
    example: 'sqlite:escapement.db'
  },
  DATABASE_URL: { meaning: 'The same, when ESCAPEMENT_DATABASE_URL is not set', example: 'sqlite:escapement.db' },
  ESCAPEMENT_DATABASE_SCHEMA: { meaning: 'The schema of the books in a PostgreSQL database', example: 'escapement' },
  ESCAPEMENT_TOPOLOGY: {
    meaning: 'How the work is spread over processes: single, everywhere, primary, dedicated, fleet',
    example: 'single'
  },
  ESCAPEMENT_ROLES: {
    meaning: 'What of the topology runs here: a list of web, scheduler, worker; default: all of it',
    example: 'web,scheduler,worker'
  },
  ENABLE_SCHEDULER: {
    meaning: 'false: only serve requests here, schedules and jobs run elsewhere (ESCAPEMENT_ROLES goes before it)',
    example: 'true'
  },
  WEB_CONCURRENCY: { meaning: 'Web processes; default 2, in production one per processor', example: '2' },
  WORKER_PROCESSES: { meaning: 'Processes that only run jobs; default 0, in a fleet 1', example: '0' },
  HOST: { meaning: 'Where the web processes listen; default 127.0.0.1, in production 0.0.0.0', example: '127.0.0.1' },
  PORT: { meaning: 'The port that all web processes share', example: '3000' },
  SCHEDULER_PORT: { meaning: 'The port of a scheduler process', example: '5002' },
  WORKER_PORT: { meaning: 'The port that worker processes share; 0: any free one', example: '0' },
  SCHEDULER_API_ENABLED: {
    meaning: 'Whether processes answer the management API (/api/v1/health, /api/v1/scheduler)',
    example: 'true'
  },
  SCHEDULER_API_TOKEN: {
    meaning:
      'What callers of the management API present as "Authorization: Bearer …"; without it, only loopback is served',
    example: ''
  },
  SCHEDULER_TIMEZONE: { meaning: 'Time zone of schedules that name none', example: 'UTC' },
  SCHEDULER_COALESCE: {
    meaning: 'Which of several missed fire times stands for them: latest (or true), earliest, all (or false)',
    example: 'latest'
  },
  SCHEDULER_MAX_INSTANCES: { meaning: 'Unfinished jobs that a schedule may have at most', example: '1' },
  SCHEDULER_MISFIRE_GRACE_TIME: {
    meaning: 'How late a fire time may be found and still fire: seconds, or a text such as 5m; default: no limit',
    example: '5m'
  },
  WORKER_CONCURRENCY: { meaning: 'Jobs that run at the same time in one process', example: '10' },
  WORKER_INTERVAL: {
    meaning: 'How often a worker looks for jobs when nothing wakes it: seconds, or a text such as 500ms',
    example: '1'
  },
  ESCAPEMENT_COORDINATION: {
    meaning: 'What decides who holds a seat: store, file, redis; default: file with books in SQLite, store with others',
    example: 'file'
  },
  LOCK_PATH: {
    meaning: 'The lock file of the seat "primary", on a local disk; default: beside the file of the books',
    example: '/run/escapement/primary.lock'
  },
  REDIS_URL: { meaning: 'The Redis server that decides who holds a seat', example: 'redis://127.0.0.1:6379' },
  ESCAPEMENT_RELEASE: {
    meaning:
      'A number that orders deployments, higher with each one: a lower one never overwrites the schedules of a higher one',
    example: '0'
  },
  ESCAPEMENT_LOG_LEVEL: { meaning: 'debug, info, warn, error, silent', example: 'info' },
  ESCAPEMENT_LOG_STREAM: {
    meaning: 'Where our own log lines go: stderr, or stdout for hosts that take the other for errors',
    example: 'stderr'
  },
  ESCAPEMENT_RUN_DIR: {
    meaning: 'Where running masters say who they are, for "escapement reload"',
    example: '.escapement'
  }
} as const satisfies Record<string, Variable>

export type VariableName = keyof typeof variables

const WIDTH = 100

/** The text of `.env.example`: every variable, explained, and none of them set. */
export function environmentExample(): string {
  const entries = Object.entries<Variable>(variables).map(
    ([name, { meaning, example }]) => `${comment(`${meaning}.`)}\n#${name}=${example}\n`
  )
  const head = comment(
    'Copy this to .env and take the # away from what you set. The real environment goes before .env.'
  )
  return `${head}\n\n${entries.join('\n')}`
}

function comment(text: string): string {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + word.length < WIDTH) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(`# ${word}`)
  }
  return lines.join('\n')
}
