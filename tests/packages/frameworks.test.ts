import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { servesInFour } from './four-processes.ts'
import { Project } from './project.ts'

let project: Project

beforeAll(async () => {
  project = await Project.install('frameworks')
  project.writeBlocks('escapement.js', 'fastify.js', 'hono.js', 'koa.js', 'nest.ts')
}, 600_000)

afterAll(() => project.remove())

test.each(['fastify', 'hono', 'koa'])('%s', name =>
  servesInFour(project, { command: process.execPath, args: [`${name}.js`] })
)

describe('Nest, whose shutdown hooks end the process by the signal', () => {
  const end = { code: null, signal: 'SIGTERM' } as const

  test('with the config at hand', async () => {
    compileForNest('nest.ts')
    await servesInFour(project, { command: process.execPath, args: ['out/nest.js'], end })
  })

  test('with a config that a provider decides', async () => {
    const config = `{ name: 'shop', database: 'sqlite:app.db', schedules }`
    const atHand = `EscapementModule.forRoot(${config}, { imports: [GreetingsModule] })`
    const decided = `EscapementModule.forRootAsync({
      imports: [GreetingsModule],
      handlers: [Greeter],
      inject: [Greetings],
      useFactory: async (greetings: Greetings) => ({ ...${config}, name: greetings.of('shop').slice('hello '.length) })
    })`
    const text = project.read('nest.ts')
    expect(text).toContain(atHand)
    project.write('nest-async.ts', text.replace(atHand, decided))
    compileForNest('nest-async.ts')
    await servesInFour(project, { command: process.execPath, args: ['out/nest-async.js'], end })
  })
})

function compileForNest(file: string): void {
  const compilerOptions = {
    module: 'nodenext',
    target: 'es2022',
    outDir: 'out',
    strict: true,
    experimentalDecorators: true,
    emitDecoratorMetadata: true
  }
  project.write('tsconfig.json', JSON.stringify({ compilerOptions, files: [file] }))
  project.run(process.execPath, project.script('typescript/bin/tsc'), '-p', '.')
}
