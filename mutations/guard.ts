/** A test file from the root; with a text, only those of its tests whose full name contains it. */
export type NearestTest = readonly [file: string, title?: string]

/**
 * A place in the code that keeps a promise, and the change that breaks it. At least one of the nearest tests has to
 * notice.
 */
export interface Guard {
  /** For the command line: kebab-case, and no other guard's. */
  readonly name: string
  /** What is promised while the text is there, in one sentence. */
  readonly promise: string
  /** From the root. */
  readonly file: string
  /** Occurs in the file exactly once. */
  readonly text: string
  /** What takes its place. The file still has to parse: code that cannot run is noticed by any test. */
  readonly put: string
  /** Run one after the other until one is red, the cheapest first. */
  readonly tests: readonly NearestTest[]
}
