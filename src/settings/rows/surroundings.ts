import { parseToken } from '../kinds/texts.ts'
import { boolean, choice, type Kind } from '../kinds/kind.ts'
import { row } from '../row.ts'

const token: Kind<string> = {
  takes: 'at least 16 characters of ASCII without blanks',
  textTakes: 'at least 16 characters of ASCII without blanks',
  isTaken: value => typeof value === 'string',
  fromCode: value => value,
  fromText: parseToken,
  unit: ''
}

/** The management API. */
export const api = {
  enabled: row({
    kind: boolean,
    default: true,
    meaning: 'Whether processes serve the management API (/api/v1/scheduler); the health check is always served',
    variables: { SCHEDULER_API_ENABLED: { example: 'true' } }
  }),
  /** The token that callers present. Undefined: a start makes one; a mounted handler serves the health check only. */
  token: row({
    kind: token,
    defaultIs: 'escapement start makes one in the run directory; elsewhere only the health check is served',
    meaning: 'What callers of the management API present as "Authorization: Bearer …"',
    variables: { SCHEDULER_API_TOKEN: { example: '' } },
    isSecret: true
  })
}

/** Escapement's own log lines, where code names no logger. */
export const log = {
  level: row({
    kind: choice('debug', 'info', 'warn', 'error', 'silent'),
    default: 'info',
    meaning: "The lowest level of Escapement's own log lines",
    variables: { ESCAPEMENT_LOG_LEVEL: { example: 'info' } }
  }),
  stream: row({
    kind: choice('stdout', 'stderr'),
    default: 'stderr',
    meaning: "Where Escapement's own log lines go: stderr, or stdout for hosts that treat stderr as errors",
    variables: { ESCAPEMENT_LOG_STREAM: { example: 'stderr' } }
  })
}
