/**
 * A digest of all routines, one for each version that a release had; `npm run schema` adds the next. Their count orders
 * the releases: a release never replaces routines of a later edition.
 */
export const editions: readonly string[] = [
  'b4604354a1ae696c7db36197d032c71c249ba71251e79839ec56e2d94b108905',
  '384ac9950f6b42bdf69c8df74eac5a6d7a0d87e4359ce773d1e929eace4de305',
  '573d83a3149eb3c1afacac646eae69d0801e45c689956a23b2c7dbb81a4196ec',
  '59414af75be48c17b448f7de2b550f5ac49a8a8183e21baa34a77c67cbdb0120'
]

/** The edition of this release's routines, from 1. */
export const EDITION = editions.length
