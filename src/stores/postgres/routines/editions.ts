/**
 * A digest of the routines for each wording that they ever had on the main branch; `npm run schema` adds the next. How many there
 * are orders the releases: one never puts its routines in the place of those of a later edition.
 */
export const editions: readonly string[] = ['b4604354a1ae696c7db36197d032c71c249ba71251e79839ec56e2d94b108905']

/** The edition of this release's routines, from 1 on. */
export const EDITION = editions.length
