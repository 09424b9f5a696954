import { type Check, problem } from './finding.ts'

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost'])

export const apiGuarded: Check = ({ api }) => {
  if (api === undefined || api.hasCredentials || LOOPBACK.has(api.host)) return []
  return [
    problem('api-open', {
      what: `The management API is to listen on ${api.host}, and asks for no credentials.`,
      why: 'Whoever reaches the port sees every schedule and job.',
      mend: 'HOST=127.0.0.1 behind a proxy, or SCHEDULER_API_ENABLED=false'
    })
  ]
}
