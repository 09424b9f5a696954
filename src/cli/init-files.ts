import { environmentExample } from '../settings/printed/env-example.ts'
import type { Manifest } from './init-manifest.ts'

export interface InitNames {
  /** The app's name, as npm accepts it. */
  readonly name: string
  /** The version or file by which npm finds Escapement. */
  readonly escapement: string
  /** Whether PostgreSQL keeps the books instead of a file. */
  readonly isPostgres: boolean
}

export interface InitFiles {
  readonly manifest: Manifest
  /** All but the manifest, by their paths. */
  readonly files: Readonly<Record<string, string>>
}

const node = 'node --env-file-if-exists=.env'
/** The oldest driver that the store accepts. */
const PG = '^8.23.0'
const bin = 'node_modules/escapement/dist/cli/main.js'

/** The files of a new app. With `exec` a signal to npm's shell reaches node: nothing stands between them. */
export function initFiles({ name, escapement, isPostgres }: InitNames): InitFiles {
  const manifest: Manifest = {
    name,
    private: true,
    type: 'module',
    scripts: {
      start: `exec ${node} server.ts`,
      worker: `exec ${node} ${bin} start --roles scheduler,worker`,
      escapement: `${node} ${bin}`
    },
    dependencies: { escapement, ...(isPostgres ? { pg: PG } : {}) },
    engines: { node: '>=22.18' }
  }
  const files = {
    'escapement.config.ts': config(name),
    'server.ts': server,
    ...(isPostgres ? { '.env': `ESCAPEMENT_DATABASE_URL=postgres://user:password@127.0.0.1:5432/${name}\n` } : {}),
    '.env.example': environmentExample(),
    '.gitignore': 'node_modules/\n.escapement/\n.env\n*.db\n*.db-wal\n*.db-shm\n',
    Dockerfile: dockerfile,
    '.dockerignore': 'node_modules\n.git\n.env\n.escapement\n*.db\n*.db-wal\n*.db-shm\n',
    'README.md': readme(name)
  }
  return { manifest, files }
}

const config = (name: string): string => `import { cron, defineConfig, every, schedule, task } from 'escapement'

interface Greeting {
  name: string
}

export const greet = task<Greeting>('greet', {
  handler: ({ payload, fireAt, log }) => {
    log.info({ fireAt }, \`Hello, \${payload.name}\`)
    return { greeted: payload.name }
  }
})

export default defineConfig({
  name: '${name}',
  tasks: [greet],
  schedules: [
    schedule('greet-often', { task: greet, trigger: every('10s'), payload: { name: 'world' } }),
    schedule('greet-each-morning', {
      task: greet,
      trigger: cron('30 7 * * mon-fri', { timezone: 'Europe/Paris' }),
      payload: { name: 'early bird' }
    })
  ]
})
`

const server = `import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createEscapement } from 'escapement'
import config, { greet } from './escapement.config.ts'

const host = process.env.HOST ?? '127.0.0.1'
const port = Number(process.env.PORT ?? 3000)
const escapement = createEscapement(config)

// GET / shows the schedules and the latest jobs; POST /greet/<name> enqueues a job.
const server = createServer(async (request, response) => {
  try {
    const name = /^\\/greet\\/([^/]+)$/.exec(request.url ?? '')?.[1]
    if (request.method === 'POST' && name !== undefined)
      return answer(202, await escapement.enqueue(greet, { name: decodeURIComponent(name) }))
    if (request.url !== '/') return answer(404, { error: 'There is GET / and POST /greet/<name>.' })
    const schedules = await escapement.schedules.list()
    const jobs = await escapement.jobs.list({}, { limit: 10 })
    answer(200, {
      schedules: schedules.map(({ id, nextFireAt }) => ({ id, nextFireAt })),
      jobs: jobs.items.map(job => ({ id: job.id, task: job.task, state: job.state, runAt: job.runAt }))
    })
  } catch (error) {
    answer(500, { error: String(error) })
  }

  function answer(status: number, body: unknown): void {
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(body, undefined, 2) + '\\n')
  }
})

async function stop(): Promise<void> {
  server.close()
  server.closeAllConnections()
  await escapement.stop()
  process.exit(0)
}

process.on('SIGTERM', stop)
process.on('SIGINT', stop)
await escapement.start()
server.listen(port, host, () => {
  const { port } = server.address() as AddressInfo
  console.log(\`http://\${host}:\${port} (roles: \${escapement.settings.roles.join(', ')})\`)
})
`

const readme = (name: string): string => `# ${name}

An app with schedules and jobs, kept by [Escapement](https://www.npmjs.com/package/escapement). It needs Node 22.18 or later.

    npm install
    npm start                                           # http://127.0.0.1:3000
    curl -X POST http://127.0.0.1:3000/greet/ann        # enqueues a job

- \`escapement.config.ts\` declares the tasks and the schedules; \`server.ts\` serves requests, and runs both.
- More web processes: \`ENABLE_SCHEDULER=false PORT=3001 npm start\`. A process for schedules and jobs alone: \`npm run worker\`.
- \`npm run escapement -- status\` shows the nodes, queues and schedules. \`npm run escapement -- explain greet-often\` says
  what happened to the latest fire time. \`npm run escapement -- verify\` proves that every fire time was recorded once.
- Settings for the environment are in \`.env.example\`.

## Under a process manager

Send SIGTERM and wait 20 s before SIGKILL: running jobs get 10 s to end, and what is left is given back. Each manager
sends it to the process that it started, so let that be node, or npm with the \`exec\` in \`package.json\`.

| manager | what to set |
|---|---|
| systemd | \`ExecStart=/usr/bin/node --env-file-if-exists=.env server.ts\`, \`TimeoutStopSec=20\`, \`KillMode=mixed\` |
| PM2 | \`pm2 start server.ts --interpreter node --kill-timeout 20000\` |
| Docker | the \`Dockerfile\` here; \`docker stop --time 20\`, in Compose \`stop_grace_period: 20s\` |
| Kubernetes | \`terminationGracePeriodSeconds: 30\` |

In a container, keep the file of the books on a volume (\`/data\`), or set \`ESCAPEMENT_DATABASE_URL=postgres://…\`.
`

const dockerfile = `FROM node:24-bookworm-slim
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev
COPY . .
RUN mkdir /data && chown node:node /data
USER node
VOLUME ["/data"]
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 ESCAPEMENT_DATABASE_URL=sqlite:/data/escapement.db
EXPOSE 3000
STOPSIGNAL SIGTERM
# Node itself is the first process, and gets the signal.
CMD ["node", "server.ts"]
`
