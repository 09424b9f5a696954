import { EscapementError } from '../errors.ts'
import { MAX_JSON_BYTES, textProblem } from '../options/json.ts'
import { describe, isName, NAME_TAKES } from '../options/names.ts'
import { wrongValue } from '../options/options.ts'
import { isSealedText, type SealedJson, sealedText, SEAL_KEY } from './sealed.ts'
import type { Failure } from '../job/job.ts'

/**
 * Encodes what the books keep of a task, such as by encrypting or compressing it. Both functions are synchronous, and
 * may throw.
 *
 * @example
 * const packed: PayloadCodec = {
 *   name: 'deflate',
 *   encode: json => deflateRawSync(json).toString('base64'),
 *   decode: text => inflateRawSync(Buffer.from(text, 'base64')).toString()
 * }
 */
export interface PayloadCodec {
  /** Is kept with all that it encodes, unencoded. 1 to 200 characters. */
  readonly name: string
  /**
   * Turns JSON into a text that `decode` takes, at most 1,000,000 bytes of UTF-8, without NUL. `of` says whose JSON it
   * is: a result or an error need not name the person that the payload names.
   */
  readonly encode: (json: string, of: SealedJob) => string
  /** Gives back the JSON. Throws if it can't. */
  readonly decode: (text: string) => string
}

/** The job that a codec encodes something of. */
export interface SealedJob {
  /** Its payload as JSON, not encoded. */
  readonly payload: string
}

/** The codecs of a task: the first one encodes, each decodes what carries its name. */
export type Codecs = readonly [newest: PayloadCodec, ...older: PayloadCodec[]]

/** @throws EscapementError `task-invalid`. `who` begins the message. */
export function codecsOf(who: string, given: PayloadCodec | readonly PayloadCodec[]): Codecs {
  const all = Array.isArray(given) ? [...(given as readonly PayloadCodec[])] : [given as PayloadCodec]
  const names = new Set<string>()
  for (const codec of all) {
    assertCodec(who, codec)
    if (names.has(codec.name))
      throw new EscapementError('task-invalid', `${who} has two codecs with the name ${describe(codec.name)}.`)
    names.add(codec.name)
  }
  if (!isFilled(all)) throw wrongCodec(`${who} has a codec`, given)
  return all
}

const isFilled = (all: readonly PayloadCodec[]): all is Codecs => all.length > 0

function assertCodec(who: string, given: unknown): asserts given is PayloadCodec {
  if (typeof given !== 'object' || given === null) throw wrongCodec(`${who} has a codec`, given)
  const { name, encode, decode } = given as Partial<Record<keyof PayloadCodec, unknown>>
  if (!isName(name))
    throw wrongValue(`${who} has a codec whose name is`, name, {
      code: 'task-invalid',
      takes: NAME_TAKES,
      allows: isName
    })
  for (const [part, value] of Object.entries({ encode, decode }))
    if (typeof value !== 'function')
      throw new EscapementError(
        'task-invalid',
        `${who} has the codec ${describe(name)}, whose ${part} is ${describe(value)}; it takes a function.`
      )
}

/** Does not show the value: it may be a key. */
const wrongCodec = (what: string, given: unknown): EscapementError =>
  new EscapementError(
    'task-invalid',
    `${what} that is ${Array.isArray(given) ? 'an empty list' : `of type ${given === null ? 'null' : typeof given}`}; it takes a codec, { name, encode, decode }, or a list of them, the newest first.`
  )

/**
 * JSON as the books keep it. `what` begins the message: "The payload of the task …". `payload` is that of the job, which
 * is often the JSON itself.
 *
 * @throws EscapementError `codec-failed`
 */
export function seal([codec]: Codecs, json: string, what: string, payload = json): string {
  let data: unknown
  try {
    data = codec.encode(json, { payload })
  } catch (cause) {
    throw failed(`${what} could not be encoded by the codec "${codec.name}", and was not kept.`, cause)
  }
  const problem = typeof data === 'string' ? textProblem(data, '') : `it is ${describe(data)}, and no text`
  const text = problem === undefined ? sealedText(codec.name, data as string) : ''
  const bytes = Buffer.byteLength(text)
  const tooLarge = bytes > MAX_JSON_BYTES ? `it is ${bytes} bytes; at most ${MAX_JSON_BYTES} are allowed` : undefined
  const wrong = problem ?? tooLarge
  if (wrong === undefined) return text
  throw failed(`${what} was encoded by the codec "${codec.name}" into what cannot be kept: ${wrong}.`)
}

/**
 * The JSON behind a text of the books. One that is not sealed is returned as it is: it was written before the task had
 * a codec, or in SQL.
 *
 * @throws EscapementError `codec-failed`. Its message says nothing of the content.
 */
export function unseal(codecs: Codecs | undefined, text: string, what: string): string {
  if (!isSealedText(text)) return text
  return unsealData(codecs, JSON.parse(text) as SealedJson, what)
}

function unsealData(codecs: Codecs | undefined, { [SEAL_KEY]: name, data }: SealedJson, what: string): string {
  const codec = codecs?.find(each => each.name === name)
  if (codec === undefined) {
    const known = codecs?.map(each => `"${each.name}"`).join(', ') ?? 'none'
    throw failed(`${what} is sealed by the codec "${name}", which its task does not have here; it has: ${known}.`)
  }
  try {
    const json = codec.decode(data)
    JSON.parse(json)
    return json
  } catch (cause) {
    throw failed(`${what} could not be decoded by the codec "${name}".`, cause)
  }
}

/** The value behind a text of the books. @throws EscapementError `codec-failed` */
export const unsealedValue = (codecs: Codecs | undefined, text: string, what: string): unknown =>
  JSON.parse(unseal(codecs, text, what))

const failed = (message: string, cause?: unknown): EscapementError =>
  new EscapementError('codec-failed', message, cause === undefined ? undefined : { cause })

/** What is sealed of a failure. Its attempt, time and code stay as they are. */
type Details = Omit<Failure, 'attempt' | 'at' | 'code' | 'sealed'>

/** A failure as the books keep it for a task with a codec. Never throws: what can't be sealed is left out. */
export function sealFailure(codecs: Codecs, failure: Failure, payload: string): Failure {
  const { attempt, at, code, sealed: _, ...details } = failure
  const kept = { attempt, at, ...(code === undefined ? {} : { code }) }
  try {
    const text = seal(codecs, JSON.stringify(details), 'The failure', payload)
    const sealed = JSON.parse(text) as SealedJson
    return { ...kept, message: `Sealed by the codec "${sealed[SEAL_KEY]}".`, sealed }
  } catch {
    return { ...kept, message: `The codec "${codecs[0].name}" could not seal the failure, which was left out.` }
  }
}

/** A failure with its details, if they can be decoded here; otherwise the same. */
export function unsealFailure(codecs: Codecs | undefined, failure: Failure): Failure {
  const { sealed, ...rest } = failure
  if (sealed === undefined || codecs === undefined) return failure
  try {
    return { ...rest, ...(JSON.parse(unsealData(codecs, sealed, 'The failure')) as Details) }
  } catch {
    return failure
  }
}
