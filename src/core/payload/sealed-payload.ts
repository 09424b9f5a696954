import { type Codecs, seal, unsealedValue } from './codec.ts'
import type { JsonValue } from '../options/json.ts'
import { isSealed, SEAL_KEY } from './sealed.ts'
import { canonicalJson } from './canonical-json.ts'

/** The payload of a schedule whose task has a codec. */
export interface SealedPayload {
  /** The payload as the books keep it, sealed once. @throws EscapementError `codec-failed` */
  readonly sealed: () => JsonValue
  /** Whether a payload of the books is this one, sealed by the same codec. A codec gives another text each time. */
  readonly isKeptAs: (kept: JsonValue) => boolean
}

export function sealedPayload(who: string, codecs: Codecs, payload: JsonValue): SealedPayload {
  const what = `The payload of ${who}`
  let sealed: JsonValue | undefined
  return {
    sealed: () => (sealed ??= JSON.parse(seal(codecs, JSON.stringify(payload), what)) as JsonValue),
    isKeptAs: kept => {
      if (!isSealed(kept) || kept[SEAL_KEY] !== codecs[0].name) return false
      try {
        return canonicalJson(unsealedValue(codecs, JSON.stringify(kept), what)) === canonicalJson(payload)
      } catch {
        return false
      }
    }
  }
}
