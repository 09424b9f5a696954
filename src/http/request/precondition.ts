import type { Endpoint } from '../../contract/endpoint.ts'
import type { Expected } from '../../core/schedule/expected.ts'
import type { Problem } from '../problems.ts'

/** Which revision a request is meant for, as its headers say. Tags that are none of ours match nothing. */
export function expectedBy(
  headers: Headers,
  { precondition }: Pick<Endpoint, 'precondition'>
): { readonly expected: Expected | undefined } | { readonly problem: Problem } {
  if (precondition === undefined) return { expected: undefined }
  const ifMatch = headers.get('if-match')
  if (ifMatch !== null) return { expected: ifMatch.trim() === '*' ? 'any' : revisionsIn(ifMatch) }
  if (precondition === 'required') return { problem: missing }
  return { expected: headers.get('if-none-match')?.trim() === '*' ? 'none' : undefined }
}

export const eTagOf = (revision: number): string => `"${revision}"`

/** A weak tag never matches (RFC 9110, 13.1.1). */
const revisionsIn = (tags: string): readonly number[] =>
  tags
    .split(',')
    .flatMap(tag => /^"(\d{1,15})"$/.exec(tag.trim())?.[1] ?? [])
    .map(Number)

const missing: Problem = {
  status: 428,
  code: 'precondition-missing',
  title: 'The request has to say what it is meant for.',
  detail:
    'Send If-Match with the ETag of the schedule as you read it, so that no change of others is lost; "*" takes any.'
}
