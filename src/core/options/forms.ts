import { durationCure, DURATION_TAKES, isDuration } from './duration.ts'
import { isName, NAME_TAKES } from './names.ts'
import type { Form } from './options.ts'

/** Not checked here, but where it is used. */
export const judgedLater: Form = { takes: 'anything', allows: () => true }

export const wholeNumber = (least: number, most: number): Form => ({
  takes: `a whole number from ${least} to ${most}`,
  allows: value => Number.isInteger(value) && Number(value) >= least && Number(value) <= most
})

export const oneOf = (...choices: readonly string[]): Form => ({
  takes: choices.map(each => `"${each}"`).join(' or '),
  allows: value => choices.includes(value as string)
})

export const trueOrFalse: Form = { takes: 'true or false', allows: value => typeof value === 'boolean' }
export const aFunction: Form = { takes: 'a function', allows: value => typeof value === 'function' }
export const aText: Form = { takes: 'a text', allows: value => typeof value === 'string' }

/** PostgreSQL refuses a statement with any other text. No id, name or actor in the books has one. */
export const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.isWellFormed() && !value.includes('\u0000')
/** What is looked for in the books. */
export const aTextToFind: Form = { takes: 'a text without the character NUL or a lone surrogate', allows: isText }

/** The name of a task, a queue or a schedule. */
export const aName: Form = { takes: NAME_TAKES, allows: isName, code: 'id-invalid' }

export const aDuration: Form = {
  takes: DURATION_TAKES,
  allows: isDuration,
  code: 'duration-invalid',
  cure: durationCure
}
