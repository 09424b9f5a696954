/**
 * A digest of the routines for each wording that they ever had on the main branch; `npm run schema` adds the next. How many there
 * are orders the releases: one never puts its routines in the place of those of a later edition.
 */
export const editions: readonly string[] = ['68c000e270b5dc5febd859c01037b57131c8f76b060641b349370b08766743db']

/** The edition of this release's routines, from 1 on. */
export const EDITION = editions.length
