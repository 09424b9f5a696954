/**
 * As in package.json, which a bundled app does not have: a file that is read at run time would be missing there.
 * `tests/version.test.ts` compares them.
 */
export const packageVersion = '0.1.0'
