// `npm run measure`: the figures of the code by which it is compared with that of others. `--json`: with every place.
import { everyFile, isCode, isUnder } from '../tests/tidy/sources.ts'
import { duplicatesIn } from './figures/duplicates.ts'
import { fileLengths, foldersOf, functionLengths } from './figures/lengths.ts'
import { modulesLoadedBy } from './figures/modules.ts'
import { testsIn } from './figures/tests.ts'
import { wordsOf } from './figures/words.ts'

const code = everyFile().filter(isCode)
const src = code.filter(source => isUnder(source, 'src'))

const figures = {
  files: fileLengths(src),
  functions: functionLengths(src),
  folders: foldersOf(src),
  duplicates: duplicatesIn(src),
  words: wordsOf(src),
  tests: testsIn(code),
  modules: modulesLoadedBy('src/index.ts')
}

function inWords({ files, functions, folders, duplicates, words, tests, modules }: typeof figures): string {
  const share = ((100 * duplicates.lines) / duplicates.ofLines).toFixed(1)
  return `files       ${files.count} of ${files.total} lines; median ${files.median}, longest ${files.max}
functions   ${functions.count}, and ${functions.arrows} arrows; median ${functions.median}, longest ${functions.max}, ${functions.tooLong} above 70 lines
folders     ${folders.count}; the largest is ${folders.largest} with ${folders.files} files
duplicates  ${duplicates.lines} lines (${share} %) in ${duplicates.locations.length} places
words       ${words.count} exported names, ${words.several.length} of them defined more than once
tests       ${tests.written} written in ${tests.files} files, ${tests.lines} lines with what they share
modules     ${modules.own} of src and ${modules.foreign} of packages are loaded by an import of the package`
}

const isJson = process.argv.includes('--json')
console.log(isJson ? JSON.stringify(figures, undefined, 2) : inWords(figures))
