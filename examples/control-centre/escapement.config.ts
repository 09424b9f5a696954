import { type AlertChannel, channel, cron, defineConfig, every, mail, schedule, task, webhook } from 'escapement'
import { Centre } from './centre.ts'
import { misbehave } from './faults.ts'
import { jobs } from './jobs.ts'
import { logJobs } from './log-lines.ts'
import { settings } from './settings.ts'

const ZONE = 'America/Sao_Paulo'

let centre: Centre | undefined

const tasks = jobs.map(({ name, limit, find }) =>
  task(name, {
    timeout: settings.limit ?? limit,
    // The next fire time is the next try: one that failed is told at once.
    maxAttempts: 1,
    handler: async ({ fireAt, signal }) => {
      await misbehave(name, signal)
      const value = find((centre ??= new Centre()))
      centre.keep({ job: name, fireAt: (fireAt ?? new Date()).toISOString(), value })
      return value
    }
  })
)

const channels: AlertChannel[] = [channel('log', ({ title }) => console.error(`ALERT ${title}`))]
if (settings.alertsUrl !== undefined)
  channels.push(webhook({ url: settings.alertsUrl, secret: settings.alertsSecret ?? '' }))
if (settings.smtpUrl !== undefined)
  channels.push(mail({ smtp: settings.smtpUrl, from: 'centre@centre.example', to: settings.mailTo }))

export default defineConfig({
  name: 'control-centre',
  topology: 'single',
  web: './web.ts',
  tasks,
  schedules: jobs.map(({ name, cron: expression }, index) =>
    schedule(name, {
      task: tasks[index]!,
      trigger: settings.every === undefined ? cron(expression, { timezone: ZONE }) : every(settings.every)
    })
  ),
  defaults: {
    timezone: ZONE,
    misfireGrace: settings.misfireGrace,
    coalesce: 'latest',
    maxInstances: settings.maxInstances
  },
  alerts: {
    channels,
    schedules: Object.fromEntries(jobs.map(({ name, limit }) => [name, { runsAtMost: settings.limit ?? limit }]))
  },
  setup(escapement) {
    logJobs(escapement)
    console.log(`Scheduler initialized with ${jobs.length} jobs (pid ${process.pid})`)
  }
})
