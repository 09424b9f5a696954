/**
 * A digest of the routines for each wording that they ever had on the main branch; `npm run schema` adds the next. How many there
 * are orders the releases: one never puts its routines in the place of those of a later edition.
 */
export const editions: readonly string[] = ['f40077aa825d36a9585ec922a152b225bb772d0cefc591a590a2ad1864ffdd91']

/** The edition of this release's routines, from 1 on. */
export const EDITION = editions.length
