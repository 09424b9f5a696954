import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { rolldown } from 'rolldown'

/** The faces of the package: what apps import by name. */
export const faces = [
  'index',
  'client',
  'express',
  'fastify',
  'hono',
  'koa',
  'nest',
  'next',
  'postgres',
  'sqlite',
  'testing'
]
/** With what is run by name; everything else goes into as few files as they leave. */
const entries = [...faces, 'cli/main', 'cli/child']

const isOurs = (id: string): boolean => /^[./]/.test(id)

/**
 * The JavaScript of a `src`, in few files: a process loads them in half the time that a hundred modules take, and needs
 * 8 MB less. Dependencies stay outside, as package.json has them. All but the command line's entries lie in `dist`
 * itself, so that the package is found from each of them.
 */
export async function bundle(src: string, dist: string): Promise<void> {
  const input = Object.fromEntries(entries.map(name => [name, join(src, `${name}.ts`)]))
  const modules = await rolldown({ input, platform: 'node', external: id => !isOurs(id), logLevel: 'warn' })
  const { output } = await modules.generate({ format: 'esm' })
  // The command line reads these before all others, to refuse a Node that is too old in words.
  const early = loadedWith(join(src, 'cli', 'main.ts'), output)
  const entered = new Set(Object.values(input))
  const app = loadedWith(join(src, 'index.ts'), output)
  const node = loadedWith(join(src, 'app', 'start-node.ts'), output)
  const written = await modules.write({
    dir: dist,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
    // The declarations have them.
    comments: { jsdoc: false },
    // By default what two entries share is a file of its own, and there are dozens of them.
    codeSplitting: {
      groups: [
        { name: 'early', test: id => early.has(id) && !entered.has(id), priority: 3 },
        { name: 'escapement', test: id => app.has(id) && !entered.has(id), priority: 2 },
        { name: 'node', test: id => node.has(id), priority: 1 }
      ]
    }
  })
  await modules.close()
  for (const file of written.output)
    if (file.type === 'chunk') writeFileSync(join(dist, file.fileName), inAscii(file.code))
}

/** One other character doubles what V8 keeps of a file. */
const inAscii = (code: string): string =>
  code.replaceAll(/[^\0-\x7f]/g, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)

type Output = Awaited<ReturnType<Awaited<ReturnType<typeof rolldown>>['generate']>>['output']

/** The modules that are loaded when this one is, without those that it imports later. */
function loadedWith(module: string, output: Output): ReadonlySet<string> {
  const chunks = new Map(output.flatMap(file => (file.type === 'chunk' ? [[file.fileName, file]] : [])))
  const first = [...chunks.values()].find(({ facadeModuleId }) => facadeModuleId === module)
  if (first === undefined) throw new Error(`${module} is no module that is loaded by itself`)
  const loaded = new Set([first])
  for (const { imports } of loaded)
    for (const name of imports) {
      const chunk = chunks.get(name)
      if (chunk !== undefined) loaded.add(chunk)
    }
  return new Set([...loaded].flatMap(({ moduleIds }) => moduleIds))
}
