import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { root, type Source } from '../tidy/sources.ts'
import type { Node } from '../tidy/syntax.ts'
import {
  commentOf,
  faces,
  isOwnType,
  memberName,
  membersOf,
  mentionedTypes,
  namesOf,
  type PublicName
} from './faces.ts'

const kindOf = (declaration: Node): string => (declaration['declaration'] as Node).type
const isValue = ({ declarations }: PublicName): boolean =>
  declarations.some(each => !['TSInterfaceDeclaration', 'TSTypeAliasDeclaration'].includes(kindOf(each)))
const hasMembers = (declaration: Node): boolean =>
  ['TSInterfaceDeclaration', 'ClassDeclaration'].includes(kindOf(declaration))

/** Of a method with overloads the first one says it for all. */
const isSaid = (source: Source, alike: readonly Node[]): boolean =>
  alike.some(each => commentOf(source, each) !== '' || each['override'] === true)

/** Ports and inner shapes: no app writes them, and `docs/stability.md` says that they may change. */
const inner = new Set(['Store', 'MemoryBooks', 'ScheduleDefinition', 'TriggerJson', 'NewJob', 'Settings'])

/** What exported names are made of, and no caller has to name. */
const parts = new Set([
  // Of a type that is exported as a whole.
  'CommonScheduleOptions',
  'PayloadOption',
  'ConfigOf',
  'OfKept',
  // Of a constructor or an argument that only this package uses.
  'Caller',
  'ResultWaits',
  'RunTimeSchedules',
  // Parts of a type that the whole explains.
  'Policies',
  'Migration',
  // Of functions that take any of their kind.
  'Listed',
  'Request',
  // Of the loops of a ManualNode, which tests only call.
  'EscapementNode',
  'Operator',
  'Enqueuer'
])

describe.each(faces)('%s', face => {
  const names = namesOf(face)
  const commentsOf = ({ source, declarations }: PublicName): string =>
    declarations.map(each => commentOf(source, each)).join('')

  test('each name is declared where the face takes it from', () => {
    expect(names.filter(({ declarations }) => declarations.length === 0).map(({ name }) => name)).toEqual([])
    expect(names.length).toBeGreaterThan(3)
  })

  test('each name says what it is', () => {
    expect(names.filter(each => commentsOf(each) === '').map(({ name }) => name)).toEqual([])
  })

  test('each function, class and constant has an example', () => {
    const without = names.filter(each => isValue(each) && !commentsOf(each).includes('@example'))
    expect(without.map(({ name }) => name)).toEqual([])
  })

  test('each member of a class or interface says what it is, or has a name that says it', () => {
    const silent = names
      .filter(({ name }) => !inner.has(name))
      .flatMap(({ name, source, declarations }) =>
        declarations
          .filter(each => hasMembers(each) && (name.endsWith('Options') || kindOf(each) === 'ClassDeclaration'))
          .flatMap(membersOf)
          .filter(
            (member, _, all) =>
              !isSaid(
                source,
                all.filter(each => memberName(each) === memberName(member))
              )
          )
          .map(member => `${name}.${memberName(member)}`)
      )
    expect(silent).toEqual([])
  })

  test('each option that may be left out says what then applies', () => {
    const silent = names
      .filter(({ name }) => name.endsWith('Options'))
      .flatMap(({ name, source, declarations }) =>
        declarations
          .filter(hasMembers)
          .flatMap(membersOf)
          .filter(member => member['optional'] === true && !commentOf(source, member).includes('@default'))
          .map(member => `${name}.${memberName(member)}`)
      )
    expect(silent).toEqual([])
  })

  test('each type that a caller has to name is exported', () => {
    const exported = new Set(faces.flatMap(each => namesOf(each)).map(({ name }) => name))
    // The calls of a client are found by their names in ApiCalls.
    const missing = names
      .filter(({ name }) => !inner.has(name))
      .flatMap(({ name, source, declarations }) =>
        declarations
          .flatMap(mentionedTypes)
          .filter(type => !exported.has(type) && !parts.has(type) && !/^\w+Call$/.test(type) && isOwnType(source, type))
          .map(type => `${type}, of ${name}`)
      )
    expect(missing).toEqual([])
  })
})

test('docs/stability.md lists what is experimental, and nothing else', () => {
  const isExperimental = (comment: string): boolean => comment.includes('@experimental')
  const tagged = faces.flatMap(namesOf).flatMap(({ name, source, declarations }) => [
    ...(declarations.some(each => isExperimental(commentOf(source, each))) ? [name] : []),
    ...declarations
      .filter(hasMembers)
      .flatMap(membersOf)
      .filter(member => isExperimental(commentOf(source, member)))
      .map(member => `${name}.${memberName(member)}`)
  ])
  const page = readFileSync(join(root, 'docs/stability.md'), 'utf8')
  const section = /^## Experimental$(.*?)^## /ms.exec(page)?.[1] ?? ''
  const listed = [...section.matchAll(/^\| (`[^|]*) \|/gm)].flatMap(([, names = '']) => names.match(/[\w.]+/g) ?? [])
  expect(listed.toSorted()).toEqual([...new Set(tagged)].toSorted())
  expect(listed.length).toBeGreaterThan(10)
})
