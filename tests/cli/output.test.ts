import Table from 'cli-table3'
import { expect, test } from 'vitest'
import { textTable } from '../../src/cli/output.ts'

const edges = ['top', 'bottom', 'left', 'right']
const borders = [...edges, 'mid', ...edges.flatMap(edge => [`${edge}-mid`, `${edge}-left`, `${edge}-right`]), 'mid-mid']

/** The same table by a library that others trust. */
function byLibrary(head: string[], rows: string[][]): string {
  const table = new Table({
    head,
    chars: { ...Object.fromEntries(borders.map(border => [border, ''])), middle: '  ' },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] }
  })
  table.push(...rows)
  const lines = table.toString().split('\n')
  return lines.map(line => line.trimEnd()).join('\n')
}

test.each<[string, string[], string[][]]>([
  [
    'columns',
    ['id', 'task'],
    [
      ['1', 'greet'],
      ['1000', 'a']
    ]
  ],
  [
    'no titles',
    ['', ''],
    [
      ['roles', 'web'],
      ['process', '12']
    ]
  ],
  [
    'several lines in a cell',
    ['id', 'error', 'at'],
    [
      ['1', 'Error: storm\n  at sea', 'now'],
      ['2', '-', 'then']
    ]
  ],
  ['colours', ['state'], [['\u001B[31mfailed\u001B[39m'], ['ok']]],
  [
    'letters of two columns',
    ['id', 'note'],
    [
      ['東京', 'a'],
      ['Zürich', 'b'],
      ['ソウル!', 'c'],
      ['서울', 'd'],
      ['🚢', 'e']
    ]
  ],
  ['an empty cell at the end', ['id', 'note'], [['1', '']]]
])('a table of %s', (_, head, rows) => {
  expect(textTable(head, rows, 'nothing')).toBe(byLibrary(head, rows))
})

test('numbers, what is missing, and no rows at all', () => {
  expect(textTable(['id', 'due'], [[1, undefined]], 'nothing')).toBe('id  due\n1   -')
  expect(textTable(['id'], [], 'nothing')).toBe('nothing')
})
