// PM2: pm2 start examples/ship-tracker/deploy/pm2.config.cjs && pm2 save
// Web processes that serve, on ports 3001 and 3002, and one process that schedules and works, on port 5002. Each can be
// restarted alone: pm2 restart ship-web, pm2 restart ship-scheduler. Use `restart`, not `reload`: in fork mode both do the
// same, and PM2's cluster mode would run the ports through its own process.
const path = require('node:path')

const app = {
  script: 'examples/ship-tracker/main.ts',
  cwd: path.join(__dirname, '../../..'),
  // PM2 would run a .ts file with Bun.
  interpreter: 'node',
  exec_mode: 'fork',
  autorestart: true,
  exp_backoff_restart_delay: 200,
  // Longer than shutdownGrace (10 s) and abortGrace (5 s): a visit that is under way may finish.
  kill_timeout: 20_000,
  // The visit's browser is ended by the tracker itself.
  treekill: false,
  time: false
}
const shared = {
  NODE_ENV: 'production',
  HOST: '127.0.0.1',
  DATABASE_URL: process.env.DATABASE_URL ?? 'sqlite:./var/ship-tracker.db'
}
const webPort = Number(process.env.WEB_PORT ?? 3001)
const schedulerPort = Number(process.env.SCHEDULER_PORT ?? 5002)

module.exports = {
  apps: [
    {
      ...app,
      name: 'ship-web',
      instances: 2,
      increment_var: 'PORT',
      env: { ...shared, ENABLE_SCHEDULER: 'false', PORT: webPort }
    },
    { ...app, name: 'ship-scheduler', instances: 1, env: { ...shared, ENABLE_SCHEDULER: 'true', PORT: schedulerPort } }
  ]
}
