// Each rule of tidy.test.ts is able to fail: here is the smallest thing that it has to find.
import { describe, expect, test } from 'vitest'
import { clocksAndChance } from './clocks.ts'
import { wideLines } from './documents.ts'
import { faultsOfCount, foundInComments, foundInDocument, type Phrase } from './english.ts'
import { cyclesOf, importsOf } from './imports.ts'
import { faultsOfLock } from './lock.ts'
import { missingPaths } from './named-paths.ts'
import { ENTRIES, forbiddenCrossings, readArrows, roomOf, unknownRooms, unusedArrows } from './rooms.ts'
import { longFiles, longFunctions, manyParameters } from './shape.ts'
import { type Source, everyFile } from './sources.ts'
import { spreadBagsIn } from './spreads.ts'
import { bannedWords, bannedWordsIn, leavingOut, leftOutTestsIn, machinePathsIn, registriesIn } from './words.ts'

const file = (path: string, ...lines: readonly string[]): Source => ({ path, text: lines.join('\n') })

describe('arrows', () => {
  const arrows = readArrows(`# A house

## Rooms and arrows

| room | what | may import |
|---|---|---|
| \`core\` | values | nothing |
| \`store\` | the port | \`core\` |
| \`stores/memory\` | one | \`core\` \`store\` |
| \`${ENTRIES}\` | faces | every room |

## Next

| \`attic\` | not a room | \`core\` |
`)

  test('are read from the table of their chapter', () => {
    expect(Object.fromEntries(arrows)).toEqual({
      core: [],
      store: ['core'],
      'stores/memory': ['core', 'store'],
      [ENTRIES]: ['core', 'store', 'stores/memory', ENTRIES]
    })
  })

  test.each([
    ["import { a } from '../store/a.ts'", 'an import'],
    ["import type { A } from '../store/a.ts'", 'an import of a type'],
    ["export * from '../store/a.ts'", 'a re-export'],
    ["export { a } from '../store/a.ts'", 'a re-export by name'],
    ["const a = await import('../store/a.ts')", 'a dynamic import'],
    ["let a: import('../store/a.ts').A", 'a type imported in place']
  ])('are crossed by %s: %s', line => {
    const found = ['core may not import store, but src/core/x.ts does']
    expect(forbiddenCrossings([file('src/core/x.ts', line)], arrows)).toEqual(found)
  })

  test('allow what they lead to, and imports within a room', () => {
    const inward = file('src/stores/memory/a.ts', "import './b.ts'", "import '../../core/x.ts'", "import 'node:fs'")
    const face = file('src/index.ts', "import './stores/memory/a.ts'")
    expect(forbiddenCrossings([inward, face], arrows)).toEqual([])
    expect(importsOf(inward)).toEqual(['src/stores/memory/b.ts', 'src/core/x.ts'])
  })

  test('tell one store from another', () => {
    expect(['src/stores/memory/a.ts', 'src/core/trigger/at.ts', 'src/index.ts'].map(roomOf)).toEqual([
      'stores/memory',
      'core',
      ENTRIES
    ])
    const found = ['stores/memory may not import stores/sqlite, but src/stores/memory/a.ts does']
    expect(forbiddenCrossings([file('src/stores/memory/a.ts', "import '../sqlite/b.ts'")], arrows)).toEqual(found)
  })

  test('lead to and from rooms that are known', () => {
    expect(unknownRooms([file('src/attic/a.ts')], arrows)).toEqual(['attic'])
  })

  test('are there to be followed', () => {
    const source = file('src/stores/memory/a.ts', "import '../../core/x.ts'")
    expect(unusedArrows([source], arrows)).toEqual(['store > core', 'stores/memory > store'])
  })

  test('make no circle', () => {
    const circle = [
      file('src/a.ts', "import { b } from './b.ts'"),
      file('src/b.ts', "import type { C } from './c.ts'"),
      file('src/c.ts', "export type C = import('./a.ts').A")
    ]
    expect(cyclesOf(circle)).toEqual(['src/a.ts > src/b.ts > src/c.ts > src/a.ts'])
    expect(cyclesOf(circle.slice(0, 2))).toEqual([])
  })
})

describe('shape', () => {
  const blank = (lines: number): string[] => Array.from({ length: lines }, () => '')

  test('finds a file of 301 lines, and not one of 300', () => {
    expect(longFiles([file('a.ts', ...blank(300), 'end')])).toEqual(['a.ts: 301 lines'])
    expect(longFiles([file('a.ts', ...blank(299), 'end', '')])).toEqual([])
  })

  test.each([
    ['function f() {', '}'],
    ['const f = () => {', '}'],
    ['class A { f() {', '} }'],
    ['test("a", () => {', '})']
  ])('finds a function of 71 lines, and not one of 70: %s', (head, foot) => {
    expect(longFunctions(file('a.ts', head, ...blank(69), foot))).toHaveLength(1)
    expect(longFunctions(file('a.ts', head, ...blank(68), foot))).toEqual([])
  })

  test.each(['describe("a", () => {', 'describe.each([1])("a", () => {'])('takes %s for a chapter', head => {
    expect(longFunctions(file('a.ts', head, ...blank(100), '})'))).toEqual([])
  })

  test('finds a fifth parameter', () => {
    expect(manyParameters(file('a.ts', '', 'const f = (a, b, c, d, e) => a'))).toEqual(['a.ts:2: 5 parameters'])
    expect(manyParameters(file('a.ts', 'function f(a, b, c, { d, e }) {}'))).toEqual([])
  })
})

test('a bag that is spread is found', () => {
  const found = (text: string): number => spreadBagsIn(file('a.ts', text)).length
  expect(found('new Worker({ ...options, store })')).toBe(1)
  expect(found('new Worker({ ...this.#options.settings, store })')).toBe(1)
  expect(found('prune({ ...settings, store })')).toBe(1)
  expect(found('prune({ ...retention, store })')).toBe(0)
  expect(found('new driver.Pool({ ...options })')).toBe(0)
})

describe('core', () => {
  test.each([
    'Date.now()',
    'new Date()',
    'Date()',
    'Math.random()',
    'performance.now()',
    'setTimeout(f, 1)',
    'globalThis.setInterval(f, 1)',
    'process.hrtime()',
    "import { randomUUID } from 'node:crypto'"
  ])('must not say %s', line => {
    expect(clocksAndChance(file('src/core/a.ts', line))).not.toEqual([])
  })

  test.each(['new Date(0)', 'Date.UTC(2026, 0)', 'Math.max(1, 2)', '// Date.now()', "const a = 'setTimeout'"])(
    'may say %s',
    line => {
      expect(clocksAndChance(file('src/core/a.ts', line))).toEqual([])
    }
  )
})

describe('content', () => {
  test.each(bannedWords)('finds "%s"', word => {
    expect(bannedWordsIn([file('a.ts', '', `// ${word.toUpperCase()}: more`)])).toHaveLength(1)
  })

  test.each(leavingOut)('finds a test with .%s', how => {
    const lines = [`test.${how}(`, `it.concurrent.${how}(`, `describe.${how}.each(`, `  test.each([1]).${how}(`]
    expect(leftOutTestsIn(lines.map(line => file('a.test.ts', line)))).toHaveLength(lines.length)
  })

  test.each(['it', 'describe'])('finds %s with a letter before it', name => {
    expect(leftOutTestsIn([file('a.test.ts', `x${name}(`, `  f${name}(`)])).toHaveLength(2)
  })

  test('allows a test that runs where its program is', () => {
    expect(leftOutTestsIn([file('a.test.ts', 'describe.runIf(there)(', 'harness.skip', 'exit(1)')])).toEqual([])
  })

  // The first is put together, so that this file holds no such address itself.
  test.each([
    ['https:', '//registry.example.org/a'].join(''),
    '//packages.example.org/:_authToken=a',
    '"resolved": "https://a'
  ])('finds a registry in %s', line => {
    expect(registriesIn([file('a', line)])).toHaveLength(1)
  })

  test('finds paths of a machine', () => {
    const here = ['/srv/builds/escapement', '/']
    const lines = ['at /srv/builds/escapement/a.ts', '/home/ann/.npmrc', 'cd /srv/builds', 'src/home/a', '/root/.npmrc']
    expect(machinePathsIn([file('a', ...lines)], here)).toEqual([
      'a:1: at /srv/builds/escapement/a.ts',
      'a:2: /home/ann/.npmrc',
      'a:5: /root/.npmrc'
    ])
  })

  test('finds what a document names and is not there', () => {
    const lines = ['see `src/gone.ts` and `src/here.ts`', '[a](gone.md#b) [b](here.md) [c](https://example.org/gone)']
    const document = { path: 'docs/a.md', text: lines.join('\n') }
    expect(missingPaths(document, path => path.includes('here'))).toEqual([
      'docs/a.md: src/gone.ts',
      'docs/a.md: docs/gone.md'
    ])
  })

  test('finds a phrase in the prose of a document and in comments, and not in code', () => {
    const phrase: Phrase = { pattern: /\bwhoever\b/gi, instead: '', documents: 0 }
    const prose = ['Whoever asks', '```ts', 'whoever', '```', '    whoever', '`whoever` [a](whoever.md) whoever']
    expect(foundInDocument(file('a.md', ...prose), phrase)).toEqual(['a.md:1: Whoever', 'a.md:6: whoever'])
    const code = ["whoever('// no')", '/** A', ' * whoever */', 'whoever() // whoever', "'https://whoever'"]
    expect(foundInComments(file('a.ts', ...code), phrase)).toEqual(['a.ts:3: whoever', 'a.ts:4: whoever'])
  })

  test('lets a count fall, and the limit follow it', () => {
    expect(faultsOfCount(['a:1: x', 'a:2: x'], 1)).toEqual(['2 instead of 1 at most', 'a:1: x', 'a:2: x'])
    expect(faultsOfCount(['a:1: x'], 2)).toEqual(['1: lower the limit of 2 to that'])
  })

  test('finds a line of 121 columns, and neither a table, nor code, nor an address', () => {
    const wide = 'a'.repeat(121)
    const lines = [wide, wide.slice(1), `| ${wide} |`, `    ${wide}`, '```', wide, '```', `[a](${wide})`]
    expect(wideLines(file('a.md', ...lines))).toEqual(['a.md:1: 121 columns'])
  })

  test('finds what is wrong with a lockfile', () => {
    const whole = { integrity: 'sha512-a' }
    const lock = (packages: object): string => JSON.stringify({ packages })
    const wanting = { ...whole, optionalDependencies: { '@a/darwin': '1', '@a/linux': '1' } }
    expect(faultsOfLock(lock({ 'node_modules/a': wanting, 'node_modules/@a/linux': whole }))).toEqual([
      'node_modules/a lacks @a/darwin'
    ])
    const named = { ...whole, resolved: 'https://example.org/a.tgz' }
    expect(faultsOfLock(lock({ '': {}, 'node_modules/a': named, 'node_modules/b': {} }))).toEqual([
      'node_modules/a names where it came from',
      'node_modules/b has no checksum'
    ])
  })

  test('leaves out what is not of the project', () => {
    expect(everyFile().filter(({ path }) => /(^|\/)(node_modules|dist|\.toolchain|\.git)\//.test(path))).toEqual([])
  })
})
