import type { StandardSchemaV1 } from '@standard-schema/spec'

type Answer = StandardSchemaV1.Result<unknown>

/**
 * What a schema makes of a payload. "No payload" is `undefined` in code and `null` in the books: a schema that takes
 * either of them takes it.
 */
export function answerOf(schema: StandardSchemaV1, payload: unknown): Answer | Promise<Answer> {
  const answer = schema['~standard'].validate(payload)
  if (payload !== null && payload !== undefined) return answer
  const again = (first: Answer): Answer | Promise<Answer> => {
    // An answer that is none is for the caller to judge.
    if (Object(first) !== first || first.issues === undefined) return first
    const second = schema['~standard'].validate(payload === null ? undefined : null)
    // What is missing, the first one says better.
    const better = (other: Answer): Answer => (other.issues === undefined ? other : first)
    return second instanceof Promise ? second.then(better) : better(second)
  }
  return answer instanceof Promise ? answer.then(again) : again(answer)
}

/** The first five issues, each with its place in the payload. */
export function issuesInWords(issues: readonly StandardSchemaV1.Issue[]): string {
  return issues
    .slice(0, 5)
    .map(({ message, path }) => {
      const at = (path ?? []).map(part => String(typeof part === 'object' && part !== null ? part.key : part)).join('.')
      return at === '' ? message : `${at}: ${message}`
    })
    .join('; ')
}
