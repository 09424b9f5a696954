import { proseOf } from './documents.ts'
import type { Source } from './sources.ts'

/** A phrase that is right, but that a reader whose first language isn't English reads twice. */
export interface Phrase {
  readonly pattern: RegExp
  /** What to write. */
  readonly instead: string
  /** The most that documents may have; comments of `src` have none. The number only falls. */
  readonly documents: number
}

export const phrases: readonly Phrase[] = [
  {
    pattern: /\b(whoever|whatever|wherever|whence|whom|thence|hence)\b/gi,
    instead: 'anything that, anyone who, each process that',
    documents: 0
  },
  {
    pattern: /\banswer(s|ed|ing)?\b/gi,
    instead: 'returns, resolves with, reports, responds',
    documents: 0
  },
  {
    pattern: /\b(bear|bears|bore|borne|born|births?)\b/gi,
    instead: 'has, carries, creates, created',
    documents: 0
  },
  {
    pattern: /\breckon(s|ed|ing)?\b/gi,
    instead: 'computes, counts, uses',
    documents: 0
  },
  {
    pattern: /\bmend(s|ed|ing)?\b/gi,
    instead: 'fixes',
    documents: 0
  },
  {
    pattern: /\banew\b/gi,
    instead: 'again',
    documents: 0
  },
  {
    pattern: /\b(go|goes|going|went) (on|for|before)\b/gi,
    instead: 'continues, applies to, takes precedence over',
    documents: 0
  },
  {
    pattern: /\b(become|becomes|became) of\b/gi,
    instead: 'happens to',
    documents: 0
  },
  {
    pattern: /\bwhat holds\b|\bholds? (good|likewise|here)\b/gi,
    instead: 'what applies, what is true, the effective settings',
    documents: 0
  },
  {
    pattern: /\bthe (\w+er|more|less) the (\w+er|more|less)\b/gi,
    instead: 'lower runs first, each further signal shortens it',
    documents: 0
  },
  {
    pattern: /\bat the (most|least)\b/gi,
    instead: 'at most, at least',
    documents: 0
  },
  {
    // One is the name of a measurement, as the bench prints it.
    pattern: /\bbeside\b/gi,
    instead: 'next to, in addition to, alongside',
    documents: 1
  },
  {
    pattern: /\bformer(ly)?\b/gi,
    instead: 'previous, earlier, old',
    documents: 0
  },
  {
    pattern: /\bsome (\d|ten|twenty|thirty|hundred)/gi,
    instead: 'about',
    documents: 0
  }
]

const spans = /`[^`]*`/g
const comment = /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm

/** The text with all that is no comment blanked out, so that lines keep their numbers. */
export function commentsOf({ path, text }: Source): Source {
  const blank = (code: string): string => code.replaceAll(/[^\n]/g, ' ')
  let rest = 0
  let comments = ''
  for (const { 0: found, index } of text.matchAll(comment)) {
    comments += blank(text.slice(rest, index)) + found
    rest = index + found.length
  }
  return { path, text: comments + blank(text.slice(rest)) }
}

export function foundInDocument(document: Source, { pattern }: Phrase): string[] {
  return proseOf(document).flatMap(({ number, text }) => foundIn(text, pattern, `${document.path}:${number}`))
}

export function foundInComments(source: Source, { pattern }: Phrase): string[] {
  const lines = commentsOf(source).text.split('\n')
  return lines.flatMap((text, at) => foundIn(text, pattern, `${source.path}:${at + 1}`))
}

function foundIn(text: string, pattern: RegExp, location: string): string[] {
  return [...text.replaceAll(spans, '').matchAll(pattern)].map(([phrase]) => `${location}: ${phrase}`)
}

/** What is wrong with a count: more than the limit, or fewer, so that the limit has to follow. */
export function faultsOfCount(found: readonly string[], limit: number): string[] {
  if (found.length > limit) return [`${found.length} instead of ${limit} at most`, ...found]
  return found.length < limit ? [`${found.length}: lower the limit of ${limit} to that`] : []
}
