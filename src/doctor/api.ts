import { type Check, note } from './finding.ts'

export const apiGuarded: Check = ({ api }) => {
  if (api === undefined || !api.isEnabled || api.hasCredentials || !api.isProduction) return []
  return [
    note('api-without-credentials', {
      what: 'In production no token of the management API is configured.',
      why: 'Each host then makes one of its own, and an API that the app mounts serves the health check only.',
      fix: 'SCHEDULER_API_TOKEN=$(openssl rand -hex 32), or SCHEDULER_API_ENABLED=false'
    })
  ]
}
