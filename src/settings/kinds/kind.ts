import { isDuration, durationCure, durationMs } from '../../core/options/duration.ts'
import { parseBoolean, parseChoice, parseDurationText, parseWholeNumber } from './texts.ts'
import { invalidSetting } from './invalid.ts'

/** A type of settings: how code writes it, how a variable or an option writes it, and the value that both become. */
export interface Kind<Code, Value = Code, Unit extends '' | 'Ms' = ''> {
  /** What code may write, in words: "it takes …". */
  readonly takes: string
  /** What a variable or an option may write, in words. */
  readonly textTakes: string
  isTaken(value: unknown): boolean
  fromCode(code: Code): Value
  /** @throws EscapementError `config-invalid`, which names `setting`. */
  fromText(text: string, setting: string): Value
  /** The suffix of the names of values of this kind. */
  readonly unit: Unit
  readonly choices?: readonly string[]
  readonly range?: readonly [least: number, most: number]
  /** For a value that is refused: what was most likely meant. */
  cure?(value: unknown): string | undefined
  /** Turns the value into words; false: the value is never printed. */
  readonly show?: false | ((value: Value) => string)
}

const isString = (value: unknown): value is string => typeof value === 'string'

export const whole = (least: number, most: number): Kind<number> => ({
  takes: `a whole number from ${least} to ${most}`,
  textTakes: `a whole number from ${least} to ${most}`,
  isTaken: value => Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most,
  fromCode: value => value,
  fromText: (text, setting) => parseWholeNumber(text, setting, { least, most }),
  unit: '',
  range: [least, most]
})

/** Milliseconds inside. A bare number is milliseconds, in code and in a variable. */
export function duration(leastMs = 0, mostMs = Infinity): Kind<number | string, number, 'Ms'> {
  const most = mostMs < Infinity ? `, at most ${mostMs} ms` : ''
  const bounds = leastMs > 0 ? `, at least ${leastMs} ms${most}` : most
  const isWithin = (ms: number): boolean => ms >= leastMs && ms <= mostMs
  return {
    takes: `a duration: whole milliseconds, or a text such as "90s" or "5m"${bounds}`,
    textTakes: `a text such as 500ms, 30s or 5m, or milliseconds${bounds}`,
    isTaken: value => isDuration(value) && isWithin(durationMs(value)),
    fromCode: value => durationMs(value),
    fromText: (text, setting) => {
      const ms = parseDurationText(text, setting)
      if (isWithin(ms)) return ms
      throw invalidSetting(setting, text, `a duration${bounds.replace(/^,/, ' of')}`)
    },
    unit: 'Ms',
    cure: durationCure
  }
}

export const choice = <const T extends string>(...choices: readonly T[]): Kind<T> => ({
  takes: choices.map(each => `"${each}"`).join(' or '),
  textTakes: choices.join(', '),
  isTaken: value => isString(value) && (choices as readonly string[]).includes(value),
  fromCode: value => value,
  fromText: (text, setting) => parseChoice(text, setting, choices),
  unit: '',
  choices
})

export const boolean: Kind<boolean> = {
  takes: 'true or false',
  textTakes: 'true or false',
  isTaken: value => typeof value === 'boolean',
  fromCode: value => value,
  fromText: parseBoolean,
  unit: ''
}

/** A text. Further checks may follow when it is used. */
export const text = (takes: string, isTaken: (value: string) => boolean = () => true): Kind<string> => ({
  takes,
  textTakes: takes,
  isTaken: value => isString(value) && isTaken(value),
  fromCode: value => value,
  fromText: written => written,
  unit: ''
})

/** A value that only code can write. */
export const onlyCode = <T>(
  takes: string,
  isTaken: (value: unknown) => boolean,
  show: ((value: T) => string) | false = false
): Kind<T> => ({
  takes,
  textTakes: takes,
  isTaken,
  fromCode: value => value,
  fromText: (written, setting) => {
    throw invalidSetting(setting, written, takes)
  },
  unit: '',
  show
})
