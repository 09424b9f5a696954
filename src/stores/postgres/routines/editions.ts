/**
 * A digest of all routines, one for each version that a release had; `npm run schema` adds the next. Their count orders
 * the releases: a release never replaces routines of a later edition.
 */
export const editions: readonly string[] = [
  'b4604354a1ae696c7db36197d032c71c249ba71251e79839ec56e2d94b108905',
  '384ac9950f6b42bdf69c8df74eac5a6d7a0d87e4359ce773d1e929eace4de305',
  '573d83a3149eb3c1afacac646eae69d0801e45c689956a23b2c7dbb81a4196ec',
  'df8f87340a0d2876da7508ec891906dedf9277ab58003730e639392ddb3bc397',
  'd5adbc250f4f3b1ec44f06d8703baf4b1d596ffbf68f812e1056c9c066ad906a',
  '315afaa3bd6620f52e3e23223523e3d3384c3d9d66fc0ad17617dd6942664dbd',
  '7b2acdf8c0777c49bf0281a78514e21b650e1488ade121382c1f6e94404a168b',
  '9194a54e87633aa3cf530873a2e5609fc7aea10435836439aa3ef4b81606ec4c',
  '1cc86432290177fa3a536e0193ff1a8116ffd2bba58ec204293608065332d405'
]

/** The edition of this release's routines, from 1. */
export const EDITION = editions.length
