type Parse = (text: string) => unknown

const INT8_ARRAY = 1016

/** Numbers beyond 2⁵³ don't occur in the books. */
const numbers = [20, 21, 23, 26, 700, 701, 1700]
const texts = [1002, 1009, 1015, 2951]

/**
 * How results of our statements are parsed, by the number of their type; types not listed are texts. They are our own
 * because an app may change the parsers of `pg` for its whole process.
 */
const parsers = new Map<number, Parse>([
  [16, text => text === 't'],
  [114, text => JSON.parse(text) as unknown],
  [3802, text => JSON.parse(text) as unknown],
  ...numbers.map(type => [type, Number] as const),
  ...texts.map(type => [type, (text: string) => listOf(text)] as const),
  ...[1005, 1007, INT8_ARRAY].map(type => [type, (text: string) => listOf(text).map(Number)] as const)
])

const asText: Parse = text => text

/** Sent with each of our queries. */
export const ownTypes = { getTypeParser: (type: number): Parse => parsers.get(type) ?? asText }

const item = /"((?:[^"\\]|\\.)*)"|([^{},"]+)/g

/** A one-dimensional list, as PostgreSQL writes it: `{a,"b, c",NULL}`. */
function listOf(text: string): (string | null)[] {
  return [...text.matchAll(item)].map(([, quoted, plain]) => {
    if (quoted !== undefined) return quoted.replaceAll(/\\(.)/gs, '$1')
    return plain === 'NULL' ? null : plain!
  })
}
