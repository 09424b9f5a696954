import { type Check, note } from './finding.ts'

export const apiGuarded: Check = ({ api }) => {
  if (api === undefined || !api.isEnabled || api.hasCredentials || !api.isProduction) return []
  return [
    note('api-without-credentials', {
      what: 'In production the management API asks for no credentials.',
      why: 'It is served to this host only; but what a proxy on this host passes on, everybody can see.',
      fix: 'SCHEDULER_API_TOKEN=$(openssl rand -hex 32), or SCHEDULER_API_ENABLED=false'
    })
  ]
}
