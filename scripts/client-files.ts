import { toJsonSchema } from '@valibot/to-json-schema'
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { GenericSchema } from 'valibot'
import type { Endpoint, Endpoints } from '../src/contract/endpoint.ts'
import { INSTANT } from '../src/contract/instant.ts'

const root = join(import.meta.dirname, '..')
const contract = join(root, 'src', 'contract')

interface JsonSchema {
  readonly $ref?: string
  readonly type?: string
  readonly description?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly JsonSchema[]
  readonly items?: JsonSchema
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | JsonSchema
  readonly pattern?: string
}

type Mode = 'input' | 'output'

/** Shapes of the contract that have a name: what clients call them, and in which file they are. */
type Shapes = ReadonlyMap<GenericSchema, { readonly name: string; readonly file: string }>

/**
 * The generated files of `src/client`, by path: what each endpoint takes and returns, and where it is. They are written
 * out, so that a browser needs neither the schemas nor the library that checks them.
 */
export async function clientFiles(): Promise<Record<string, string>> {
  const shapes = shapesOf(await modulesIn('shapes'))
  const groups = Object.entries(await modulesIn('endpoints')).map(
    ([file, module]) => [file, Object.values(module)[0] as Endpoints] as const
  )
  const files = new Set([...shapes.values()].map(({ file }) => file))
  const written = [
    ...Array.from(files, file => [`shapes/${file}.ts`, shapesFile(file, shapes)] as const),
    ...groups.map(([file, endpoints]) => [`calls/${file}.ts`, callsFile(file, endpoints, shapes)] as const),
    ['calls.ts', allFile(groups)] as const
  ]
  return Object.fromEntries(written.map(([path, code]) => [path, formatted(code)]))
}

type Module = Readonly<Record<string, unknown>>

/** The modules of a file or a folder of the contract, by their names. */
async function modulesIn(folder: string): Promise<Readonly<Record<string, Module>>> {
  const files = readdirSync(contract, { recursive: true, encoding: 'utf8' })
    .filter(file => file.startsWith(`${folder}/`) || (folder === 'shapes' && file === 'shapes.ts'))
    .filter(file => file.endsWith('.ts'))
    .sort()
  const modules: Record<string, Module> = {}
  for (const file of files) modules[basename(file, '.ts')] = (await import(join(contract, file))) as Module
  return modules
}

function shapesOf(modules: Readonly<Record<string, Module>>): Shapes {
  const exported = Object.entries(modules).flatMap(([file, module]) =>
    // A module's names come in another order from each loader.
    Object.entries(module)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => ({ file, name: `Api${titled(name)}`, value }))
  )
  return new Map(exported.flatMap(({ value, ...rest }) => (isSchema(value) ? [[value, rest] as const] : [])))
}

const isSchema = (value: unknown): value is GenericSchema =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'schema'

const HEAD = '// Written by `npm run reference` from the table of endpoints.\n'

function shapesFile(file: string, shapes: Shapes): string {
  const types = [...shapes].filter(([, shape]) => shape.file === file).map(([schema]) => shapeOf(schema, shapes))
  const code = types.join('\n')
  return `${HEAD}${importsOf(code, shapes, { of: file, from: './' })}\n${code}`
}

function shapeOf(schema: GenericSchema, shapes: Shapes): string {
  const others = new Map([...shapes].filter(([other]) => other !== schema))
  const type = typeOf(schemaOf(schema, 'output', others), 'output')
  const { name } = shapes.get(schema)!
  return type.startsWith('{') ? `export interface ${name} ${type}\n` : `export type ${name} = ${type}\n`
}

/** Of the shapes that the code names, but for those of its own file. */
function importsOf(
  code: string,
  shapes: Shapes,
  { of, from }: { readonly of?: string; readonly from: string }
): string {
  const used = [...shapes.values()].filter(({ name, file }) => file !== of && new RegExp(`\\b${name}\\b`).test(code))
  const byFile = Map.groupBy(used, ({ file }) => file)
  return Array.from(byFile, ([file, names]) => {
    const list = names.map(({ name }) => name).sort()
    return `import type { ${list.join(', ')} } from '${from}${file}.ts'\n`
  }).join('')
}

function callsFile(file: string, endpoints: Endpoints, shapes: Shapes): string {
  const entries = Object.entries(endpoints)
  const types = entries.map(([id, endpoint]) => callOf(id, endpoint, shapes)).join('\n')
  const rows = entries.map(
    ([id, { method, path, body }]) => `${id}: ['${method}', '${path}'${body === undefined ? '' : ", 'body'"}]`
  )
  return `${HEAD}import type { Routes } from '../route.ts'
${importsOf(types, shapes, { from: '../shapes/' })}
${types}
export const ${file}Routes = { ${rows.join(',\n')} } as const satisfies Routes
`
}

function callOf(id: string, endpoint: Endpoint, shapes: Shapes): string {
  const { access, summary, response } = endpoint
  const role = access === 'anyone' ? 'Takes no credentials.' : `Takes the role ${access}.`
  return `/** ${summary}. ${role} */
export interface ${callName(id)} {
readonly request: ${requestOf(endpoint)}
readonly response: ${typeOf(schemaOf(response, 'output', shapes), 'output')}
}
`
}

const callName = (id: string): string => `${titled(id)}Call`

/** Parameters of the path and of the query, and members of the body, in one object. */
function requestOf({ path, query, body }: Endpoint): string {
  const inPath = Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => `readonly ${name}: string`)
  return `{ ${[...inPath, ...membersOf(query, queryType), ...membersOf(body, typeOf)].join('\n')} }`
}

function membersOf(schema: GenericSchema | undefined, type: (schema: JsonSchema, mode: Mode) => string): string[] {
  if (schema === undefined) return []
  const { properties = {}, required = [] } = schemaOf(schema, 'input')
  return Object.entries(properties).map(([name, member]) => {
    const given = type(member, 'input')
    if (required.includes(name)) return `readonly ${name}: ${given}`
    return `readonly ${name}?: ${given}${given === 'unknown' ? '' : ' | undefined'}`
  })
}

/** In a query all values are texts; callers write numbers as numbers. */
const queryType = (schema: JsonSchema, mode: Mode): string =>
  schema.pattern?.startsWith(String.raw`^\d`) ? 'number' : typeOf(schema, mode)

function typeOf(schema: JsonSchema, mode: Mode): string {
  const { $ref, anyOf, items, type } = schema
  if ($ref !== undefined) return $ref
  if (schema.const !== undefined) return literal(schema.const)
  if (schema.enum !== undefined) return schema.enum.map(literal).join(' | ')
  if (anyOf !== undefined) return anyOf.map(each => typeOf(each, mode)).join(' | ')
  if (type === 'array') return `readonly (${typeOf(items ?? {}, mode)})[]`
  if (type === 'object') return objectType(schema, mode)
  if (type === 'string') return schema.description === INSTANT ? 'string | Date' : 'string'
  return type === 'integer' ? 'number' : (type ?? 'unknown')
}

function objectType({ properties = {}, required = [], additionalProperties }: JsonSchema, mode: Mode): string {
  const members = Object.entries(properties).map(
    ([name, member]) => `readonly ${name}${required.includes(name) ? '' : '?'}: ${typeOf(member, mode)}`
  )
  const others = typeof additionalProperties === 'object' ? typeOf(additionalProperties, mode) : 'unknown'
  if (members.length === 0) return `Readonly<Record<string, ${others}>>`
  // What callers may add is an excess property otherwise.
  const isOpen = mode === 'input' && additionalProperties !== false
  return `{ ${members.join('\n')}${isOpen ? `\nreadonly [name: string]: ${others}` : ''} }`
}

const titled = (id: string): string => id[0]!.toUpperCase() + id.slice(1)

const literal = (value: unknown): string =>
  typeof value === 'string' ? `'${value.replaceAll("'", String.raw`\'`)}'` : JSON.stringify(value)

const schemaOf = (schema: GenericSchema, typeMode: Mode, shapes?: Shapes): JsonSchema =>
  toJsonSchema(schema, {
    typeMode,
    errorMode: 'throw',
    ignoreActions: ['check'],
    overrideSchema: ({ valibotSchema }) => {
      const shape = shapes?.get(valibotSchema)
      return shape === undefined ? undefined : { $ref: shape.name }
    }
  }) as JsonSchema

/** Where the calls of all resources come together. */
function allFile(groups: readonly (readonly [file: string, endpoints: Endpoints])[]): string {
  const imports = groups.map(([file, endpoints]) => {
    const names = Object.keys(endpoints).map(callName).sort()
    return `import { type ${names.join(', type ')}, ${file}Routes } from './calls/${file}.ts'`
  })
  const members = groups.flatMap(([, endpoints]) => Object.keys(endpoints).map(id => `readonly ${id}: ${callName(id)}`))
  return `${HEAD}${imports.join('\n')}

/**
 * What each endpoint takes and returns, by its name.
 *
 * @experimental
 */
export interface ApiCalls { ${members.join('\n')} }

export const routes = { ${groups.map(([file]) => `...${file}Routes`).join(',\n')} } as const
`
}

function formatted(code: string): string {
  const oxfmt = join(root, 'node_modules', 'oxfmt', 'bin', 'oxfmt')
  const { status, stdout, stderr } = spawnSync(process.execPath, [oxfmt, '--stdin-filepath', 'calls.ts'], {
    cwd: root,
    input: code,
    encoding: 'utf8'
  })
  if (status !== 0) throw new Error(`the formatter refused what was generated:\n${stderr}\n${code}`)
  return stdout
}
