import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { wordsOf } from '../scripts/figures/words.ts'
import { errorMeanings } from '../src/core/errors.ts'
import { clocksAndChance } from './tidy/clocks.ts'
import { wideLines } from './tidy/documents.ts'
import { faultsOfCount, foundInComments, foundInDocument, phrases } from './tidy/english.ts'
import { cyclesOf, specifiersOf } from './tidy/imports.ts'
import { faultsOfLock } from './tidy/lock.ts'
import { missingPaths } from './tidy/named-paths.ts'
import { ENTRIES, forbiddenCrossings, readArrows, roomOf, unknownRooms, unusedArrows } from './tidy/rooms.ts'
import { linesOf, longFiles, longFunctions, manyParameters } from './tidy/shape.ts'
import { spreadBagsIn } from './tidy/spreads.ts'
import { everyFile, isCode, isUnder, root } from './tidy/sources.ts'
import {
  bannedFolders,
  bannedWordsIn,
  leftOutTestsIn,
  linesMatching,
  machinePathsIn,
  registriesIn
} from './tidy/words.ts'

const files = everyFile()
const code = files.filter(isCode)
const src = code.filter(file => isUnder(file, 'src'))
const documents = files.filter(({ path }) => path.endsWith('.md'))
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const arrows = readArrows(read('ARCHITECTURE.md'))

test('the files are found: a rule over no files would hold', () => {
  expect(src.length).toBeGreaterThan(100)
  expect(files.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['README.md', '.npmrc', 'src/core/errors.ts', 'model/fire.pml'])
  )
})

describe('rooms and arrows, as ARCHITECTURE.md draws them', () => {
  test('every folder of src is a room of the table', () => {
    expect(unknownRooms(src, arrows)).toEqual([])
  })

  test('a room imports no other than its arrows lead to', () => {
    expect(forbiddenCrossings(src, arrows)).toEqual([])
  })

  test('an arrow that no import follows is not drawn', () => {
    expect(unusedArrows(src, arrows)).toEqual([])
  })

  test('only faces, the command line and the table of kinds name a concrete store', () => {
    const isStore = (room: string): boolean => room.startsWith('stores/') && room !== 'stores/sql'
    const naming = [...arrows].filter(([, targets]) => targets.some(isStore))
    expect(naming.map(([room]) => room).sort()).toEqual(['app', 'cli', ENTRIES, 'stores', 'stores/pglite', 'testing'])
  })

  test('core imports nothing of the others', () => {
    expect([arrows.get('core'), arrows.get('clock')]).toEqual([[], []])
  })

  test('imports make no cycle, those of types included', () => {
    expect(cyclesOf(code)).toEqual([])
  })

  test.each([
    ['node:sqlite', 'stores/sqlite'],
    ['pg', 'stores/postgres'],
    ['@electric-sql/pglite', 'stores/pglite']
  ])('the database client %s is imported in its own room only', (client, room) => {
    const importing = src.filter(source => specifiersOf(source).includes(client))
    expect([...new Set(importing.map(({ path }) => roomOf(path)))]).toEqual([room])
  })

  test('examples import the library by its name, as its users do', () => {
    const examples = code.filter(file => isUnder(file, 'examples'))
    expect(linesMatching(examples, /from '[./]*\/(src|dist)\//)).toEqual([])
  })
})

describe('shape', () => {
  const shaped = files.filter(file => /\.(ts|mjs|js|css|pml)$/.test(file.path))

  test('no file is above 300 lines, and half of those of src are at most 100', () => {
    expect(longFiles(shaped)).toEqual([])
    const sizes = src.map(linesOf).sort((a, b) => a - b)
    expect(sizes[sizes.length >> 1]).toBeLessThanOrEqual(100)
  })

  test('no function is above 70 lines', () => {
    expect(code.flatMap(longFunctions)).toEqual([])
  })

  test('no function of src takes more than four parameters', () => {
    expect(src.flatMap(manyParameters)).toEqual([])
  })

  test('no folder has a name that says nothing', () => {
    const folders = new Set(code.flatMap(({ path }) => path.split('/').slice(0, -1)))
    expect(bannedFolders.filter(folder => folders.has(folder))).toEqual([])
  })

  test('no folder of src has more than 15 files, but those of one file for each migration or statement', () => {
    const folders = Map.groupBy(src, ({ path }) => path.slice(0, path.lastIndexOf('/')))
    const isOfOneEach = (folder: string): boolean => /\/(migrations|statements)$/.test(folder)
    const large = [...folders].filter(([folder, { length }]) => length > 15 && !isOfOneEach(folder))
    expect(large.map(([folder, { length }]) => `${folder}: ${length}`)).toEqual([])
  })

  test('CONTRIBUTING.md is read in one go: 60 lines', () => {
    expect(linesOf({ path: 'CONTRIBUTING.md', text: read('CONTRIBUTING.md') })).toBeLessThanOrEqual(60)
  })
})

describe('content', () => {
  test('one word, one meaning: no name is defined and exported twice in a family of rooms', () => {
    expect(wordsOf(src).several).toEqual([])
  })

  test('core reads no clock, sets no timer and draws no random number', () => {
    expect(code.filter(file => isUnder(file, 'src/core')).flatMap(clocksAndChance)).toEqual([])
  })

  test('the version of the time-zone data is read in one place', () => {
    const reading = linesMatching(code, /versions(\.tz|\['tz'\]) *(\?\?|,|;|$)/)
    expect(reading.map(line => line.split(':')[0])).toEqual(['src/core/trigger/timezone-data.ts'])
  })

  test('classes are given what they need by name, and no settings are spread', () => {
    expect(src.flatMap(spreadBagsIn)).toEqual([])
  })

  test('nothing is left for later', () => {
    const written = files.filter(file =>
      isUnder(file, 'src', 'examples', 'scripts', 'bench', 'chaos', 'tests', 'model', 'mutations')
    )
    expect(bannedWordsIn(written.filter(({ path }) => path !== 'tests/tidy/words.ts'))).toEqual([])
  })

  test('no test is left out', () => {
    expect(leftOutTestsIn(code.filter(file => isUnder(file, 'tests')))).toEqual([])
  })

  test('no file names a registry or a path of one machine', () => {
    expect(registriesIn(files.filter(({ path }) => !path.startsWith('tests/tidy')))).toEqual([])
    expect(machinePathsIn(files.filter(({ path }) => !path.startsWith('tests/tidy')))).toEqual([])
  })

  test('the lockfile installs everywhere', () => {
    expect(faultsOfLock(read('package-lock.json'))).toEqual([])
  })

  test('docs/errors.md has a paragraph for every error code, and for no other', () => {
    const [, ...sections] = read('docs/errors.md').split(/^## /m)
    const documented = sections.map(section => /^`([a-z-]+)`\n\n\S/.exec(section)?.[1])
    expect(documented).toEqual(Object.keys(errorMeanings))
  })

  test('every error code is thrown somewhere', () => {
    const throwing = src.filter(({ path }) => path !== 'src/core/errors.ts' && path !== 'src/cli/failures.ts')
    const thrown = (meaning: string): boolean => throwing.some(({ text }) => text.includes(`'${meaning}'`))
    expect(Object.keys(errorMeanings).filter(meaning => !thrown(meaning))).toEqual([])
  })

  test('documents name files that are there', () => {
    expect(documents.flatMap(document => missingPaths(document))).toEqual([])
  })

  test('docs/decisions/README.md lists every decision', () => {
    const decisions = files.filter(({ path }) => /^docs\/decisions\/\d/.test(path))
    const listed = read('docs/decisions/README.md')
    expect(decisions.filter(({ path }) => !listed.includes(`(${path.split('/').pop()})`))).toEqual([])
    expect(decisions.length).toBeGreaterThan(0)
  })
})

describe('English that is read once', () => {
  test.each(phrases)('$pattern does not spread: write $instead', phrase => {
    const foundIn = (sources: typeof files): string[] => sources.flatMap(source => foundInDocument(source, phrase))
    const comments = src.flatMap(source => foundInComments(source, phrase))
    expect(faultsOfCount(foundIn(documents), phrase.documents)).toEqual([])
    expect(comments).toEqual([])
  })

  test('documents wrap at 120 columns', () => {
    expect(documents.flatMap(wideLines)).toEqual([])
  })
})
