import { closest, distance } from 'fastest-levenshtein'

/** Names from other libraries, in lower case, with our names for them. The first that the door knows is suggested. */
const otherWords: Readonly<Record<string, readonly string[]>> = {
  tz: ['timezone'],
  zone: ['timezone'],
  timezonename: ['timezone'],
  attempts: ['maxAttempts'],
  retries: ['maxAttempts', 'retry'],
  maxretries: ['maxAttempts'],
  retrylimit: ['maxAttempts'],
  retrydelay: ['retry'],
  backoff: ['retry'],
  backofflimit: ['maxAttempts'],
  jobid: ['id'],
  jobkey: ['uniqueKey'],
  singletonkey: ['uniqueKey'],
  deduplication: ['uniqueKey'],
  dedupekey: ['uniqueKey'],
  unique: ['uniqueKey', 'each'],
  uniquekey: ['uniqueKey', 'each'],
  id: ['id', 'each'],
  ids: ['id', 'each'],
  key: ['uniqueKey'],
  startafter: ['runAt', 'start'],
  scheduledat: ['runAt'],
  scheduledfor: ['runAt'],
  startdate: ['start'],
  startat: ['start'],
  enddate: ['end'],
  endat: ['end'],
  until: ['end'],
  removeoncomplete: ['keepCompleted'],
  retention: ['keepCompleted'],
  keep: ['keepCompleted'],
  ttl: ['timeout'],
  expirein: ['timeout'],
  run: ['handler'],
  handle: ['handler'],
  execute: ['handler'],
  perform: ['handler'],
  process: ['handler'],
  fn: ['handler'],
  payload: ['schema'],
  validate: ['schema'],
  validator: ['schema'],
  schema: ['task'],
  input: ['payload', 'schema'],
  data: ['payload'],
  args: ['payload'],
  cron: ['trigger'],
  when: ['trigger'],
  every: ['trigger'],
  pattern: ['trigger'],
  job: ['task'],
  states: ['state'],
  status: ['state'],
  schedule: ['scheduleId'],
  type: ['kind'],
  strategy: ['kind'],
  size: ['limit'],
  pagesize: ['limit'],
  take: ['limit'],
  after: ['cursor', 'delay'],
  in: ['delay'],
  wait: ['delay'],
  grace: ['graceMs', 'misfireGrace'],
  timeoutms: ['timeout', 'graceMs'],
  concurrency: ['maxInstances', 'worker'],
  nooverlap: ['overlap'],
  preventoverrun: ['overlap'],
  waitforcompletion: ['overlap'],
  runoninit: ['runAtStart'],
  immediate: ['runAtStart'],
  immediately: ['runAtStart'],
  runonstart: ['runAtStart'],
  jitter: ['spread']
}

/** The known name that was most likely meant. Undefined if none is near enough. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined
  const byLowerCase = new Map(known.map(each => [each.toLowerCase(), each]))
  const lower = name.toLowerCase().replaceAll(/[-_ ]/g, '')
  const words = Object.hasOwn(otherWords, lower) ? otherWords[lower]! : []
  const found = closest(lower, [...byLowerCase.keys()])
  const apart = distance(lower, found)
  const isSlip = apart <= 1 && lower.length > 3
  const word = isSlip ? undefined : words.find(each => known.includes(each))
  if (word !== undefined) return word
  // A word of two letters is near to every other one.
  const isNear = apart < lower.length && apart <= Math.max(2, Math.floor(lower.length / 3))
  return isNear ? byLowerCase.get(found) : undefined
}

/** A sentence with the nearest known name, or else with all of them. */
export function didYouMean(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known)
  if (nearest !== undefined) return `did you mean "${nearest}"?`
  return `known are ${known.map(each => `"${each}"`).join(', ')}.`
}
