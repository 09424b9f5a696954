import { expect, test } from 'vitest'
import { endpoints } from '../../src/contract/endpoints.ts'
import { problemOf } from '../../src/http/problems.ts'
import { EscapementError, errorMeanings, type ErrorCode } from '../../src/core/errors.ts'
import { textOf } from '../guides/blocks.ts'

const guide = textOf('docs/guides/api.md')
const rowsIn = (text: string): string[] => text.split('\n').map(line => line.replaceAll(/ +/g, ' '))

test('the guide has each endpoint with its least role and its meaning', () => {
  const rows = Object.values(endpoints).map(
    ({ method, path, access, summary }) => `| \`${method} ${path}\` | ${access} | ${summary} |`
  )
  expect(rowsIn(guide).filter(line => /^\| `[A-Z]+ \//.test(line))).toEqual(rows)
})

test('the guide has each problem that an error of the library becomes', () => {
  const codes = Object.keys(errorMeanings) as ErrorCode[]
  const shown = codes.filter(code => problemOf(new EscapementError(code, 'x')).status !== 500)
  expect(shown.filter(code => !guide.includes(`\`${code}\``))).toEqual([])
})
