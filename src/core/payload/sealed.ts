/** The key that marks JSON which a codec has sealed. Values of an app must not have it at their top. */
export const SEAL_KEY = '$codec'

/** How the books keep what the codec of a task has encoded. */
export interface SealedJson {
  /** The name of the codec. */
  readonly [SEAL_KEY]: string
  /** What it made of the JSON. */
  readonly data: string
}

const BEGIN = `{"${SEAL_KEY}":"`

/** Whether a JSON text of the books is sealed. Costs no parse. */
export const isSealedText = (text: string): boolean => text.startsWith(BEGIN)

export const sealedText = (codec: string, data: string): string =>
  JSON.stringify({ [SEAL_KEY]: codec, data } satisfies SealedJson)

/** Whether a value of the books is sealed. */
export function isSealed(value: unknown): value is SealedJson {
  if (typeof value !== 'object' || value === null) return false
  const { [SEAL_KEY]: codec, data } = value as Partial<SealedJson>
  return typeof codec === 'string' && typeof data === 'string'
}
