import { type Check, note } from './finding.ts'

export const apiGuarded: Check = ({ api }) => {
  if (api === undefined || !api.isEnabled || api.hasCredentials || !api.isProduction) return []
  return [
    note('api-without-credentials', {
      what: 'In production the management API asks for no credentials.',
      why: 'It is kept to this host; but whatever a proxy on this host passes on, everybody sees.',
      fix: 'SCHEDULER_API_TOKEN=$(openssl rand -hex 32), or SCHEDULER_API_ENABLED=false'
    })
  ]
}
