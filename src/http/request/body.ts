import type { GenericSchema } from 'valibot'
import { checkedBy } from './checked.ts'
import { invalidRequest, type Problem } from '../problems.ts'

const MAX_BODY_BYTES = 256_000
const MAX_DEPTH = 32

type Read = { readonly body: object } | { readonly problem: Problem }

/** The body of a request as its endpoint takes it, or what is wrong with it. An absent body counts as an empty object. */
export async function bodyOf(request: Request, schema: GenericSchema): Promise<Read> {
  const text = await textOf(request)
  if (text === undefined) return { problem: tooLarge }
  if (text !== '' && !isJsonType(request.headers.get('content-type'))) return { problem: wrongType(request) }
  const given = objectIn(text === '' ? '{}' : text)
  if (typeof given === 'string') return invalid('', given)
  const checked = checkedBy(schema, given)
  if ('value' in checked) return { body: checked.value }
  return {
    problem: invalidRequest(checked.faults.map(({ keys, detail }) => ({ pointer: pointerOf(keys), detail })))
  }
}

const invalid = (pointer: string, detail: string): Read => ({ problem: invalidRequest([{ pointer, detail }]) })

/** RFC 6901. */
const pointerOf = (keys: readonly string[]): string =>
  keys.map(key => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

/** Undefined: there is more than is taken. What is too much is not read. */
async function textOf({ body, headers }: Request): Promise<string | undefined> {
  if (Number(headers.get('content-length')) > MAX_BODY_BYTES) return undefined
  if (body === null) return ''
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.byteLength
    if (bytes > MAX_BODY_BYTES) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

export const isJsonType = (type: string | null): boolean => /^application\/json *(;|$)/i.test(type ?? '')

/** The object that the text is, or what is wrong with it. */
function objectIn(text: string): object | string {
  if (depthOf(text) > MAX_DEPTH) return `It is nested deeper than ${MAX_DEPTH} levels.`
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
    return 'It is JSON, but no object.'
  } catch {
    return 'It is no JSON.'
  }
}

/** How deep the brackets go outside of texts. Takes one pass over any text. */
function depthOf(text: string): number {
  let [depth, deepest, isInText] = [0, 0, false]
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!
    if (isInText && character === '\\') at += 1
    else if (character === '"') isInText = !isInText
    else if (!isInText && '[{'.includes(character)) deepest = Math.max(deepest, (depth += 1))
    else if (!isInText && ']}'.includes(character)) depth -= 1
  }
  return deepest
}

const tooLarge: Problem = {
  status: 413,
  code: 'body-too-large',
  title: 'The body is too large.',
  detail: `It takes at most ${MAX_BODY_BYTES} bytes.`,
  headers: { connection: 'close' }
}

const wrongType = ({ headers }: Request): Problem => ({
  status: 415,
  code: 'content-type-wrong',
  title: 'The body is of another type.',
  detail: `It is ${JSON.stringify((headers.get('content-type') ?? '').slice(0, 80))}; it takes "application/json".`
})
