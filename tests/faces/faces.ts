import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { root, type Source } from '../tidy/sources.ts'
import { isNode, type Node, nodesOf } from '../tidy/syntax.ts'

export const faces = ['src/index.ts', 'src/client.ts', 'src/postgres.ts', 'src/sqlite.ts', 'src/testing.ts'] as const

/** A name that a face exports, where it is declared. */
export interface PublicName {
  readonly name: string
  readonly source: Source
  /** The declaration. A function with overloads has several. */
  readonly declarations: readonly Node[]
}

const sources = new Map<string, Source>()

function sourceOf(path: string): Source {
  const known = sources.get(path) ?? { path, text: readFileSync(join(root, path), 'utf8') }
  sources.set(path, known)
  return known
}

/** The names that a file exports, with the file that declares each. */
export function namesOf(face: string): PublicName[] {
  const source = sourceOf(face)
  return nodesOf(source)
    .filter(node => node.type === 'ExportNamedDeclaration' && isNode(node['source']))
    .flatMap(node => {
      const path = pathOf(source, (node['source'] as Node)['value'] as string)
      return (node['specifiers'] as Node[]).map(specifier => {
        const name = String((specifier['exported'] as Node)['name'])
        return { name, source: sourceOf(path), declarations: declarationsOf(sourceOf(path), name) }
      })
    })
}

function pathOf(from: Source, specifier: string): string {
  return relative(root, resolve(root, dirname(from.path), specifier))
}

const declaringTypes = new Set([
  'FunctionDeclaration',
  'TSDeclareFunction',
  'ClassDeclaration',
  'TSInterfaceDeclaration',
  'TSTypeAliasDeclaration',
  'VariableDeclaration'
])

/** The exported declarations of a name in a file, each as its `export` statement. */
function declarationsOf(source: Source, name: string): Node[] {
  return nodesOf(source).filter(node => {
    if (node.type !== 'ExportNamedDeclaration' || !isNode(node['declaration'])) return false
    const declared = node['declaration']
    return declaringTypes.has(declared.type) && declaredNames(declared).includes(name)
  })
}

function declaredNames(declared: Node): string[] {
  const holders = declared.type === 'VariableDeclaration' ? (declared['declarations'] as Node[]) : [declared]
  return holders.map(({ id }) => String((id as Node)['name']))
}

/** The doc comment right before a node; empty if there is none. */
export function commentOf({ text }: Source, { start }: Node): string {
  const before = text.slice(0, start).replace(/(\s*\/\/ oxlint-disable[^\n]*)?\s*$/, '')
  if (!before.endsWith('*/')) return ''
  return before.slice(before.lastIndexOf('/**'))
}

/** The members of an interface or a class that its users see, by their names. */
export function membersOf(declaration: Node): Node[] {
  const declared = declaration['declaration'] as Node
  const { body } = declared['body'] as { readonly body: Node[] }
  return body.filter(member => {
    const key = member['key'] as Node | undefined
    const isHidden = key?.type === 'PrivateIdentifier' || member['static'] === true || member['kind'] === 'constructor'
    return key !== undefined && !isHidden && member['computed'] !== true
  })
}

export const memberName = (member: Node): string => String((member['key'] as Node)['name'])

/** The names of types that a declaration's face mentions: what its callers have to name. */
export function mentionedTypes(declaration: Node): string[] {
  const names = new Set<string>()
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(walk)
    if (!isNode(value) || isInside(value)) return
    if (value.type === 'TSTypeReference' && isNode(value['typeName']) && value['typeName'].type === 'Identifier')
      names.add(String(value['typeName']['name']))
    for (const child of Object.values(value)) if (typeof child === 'object') walk(child)
  }
  walk({ ...(declaration['declaration'] as Node), extends: undefined })
  return [...names]
}

/** What callers do not see: bodies, values, and private members. */
function isInside(node: Node): boolean {
  const key = node['key'] as Node | undefined
  return (
    node.type === 'BlockStatement' ||
    key?.type === 'PrivateIdentifier' ||
    (node['static'] === true && key !== undefined)
  )
}

/** Whether the type is one of the package's own, imported by the file or declared in it. */
export function isOwnType(source: Source, name: string): boolean {
  return nodesOf(source).some(node => {
    if (node.type === 'ImportDeclaration') {
      const path = pathOf(source, (node['source'] as Node)['value'] as string)
      const isOwn = String((node['source'] as Node)['value']).startsWith('.') && existsSync(join(root, path))
      return isOwn && (node['specifiers'] as Node[]).some(({ local }) => (local as Node)['name'] === name)
    }
    return ['TSInterfaceDeclaration', 'TSTypeAliasDeclaration', 'ClassDeclaration'].includes(node.type)
      ? (node['id'] as Node)['name'] === name
      : false
  })
}
