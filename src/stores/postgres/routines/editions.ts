/**
 * A digest of all routines, one for each version that a release had; `npm run schema` adds the next. Their count orders
 * the releases: a release never replaces routines of a later edition.
 */
export const editions: readonly string[] = [
  'b4604354a1ae696c7db36197d032c71c249ba71251e79839ec56e2d94b108905',
  'd088ec46bb8f768604fe6ebd239e1c8c78a2fc27c5bc11192e214c0ec4276e4d'
]

/** The edition of this release's routines, from 1. */
export const EDITION = editions.length
