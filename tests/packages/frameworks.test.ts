import { afterAll, beforeAll, test } from 'vitest'
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

test('Nest, whose shutdown hooks end the process by the signal', async () => {
  const compilerOptions = {
    module: 'nodenext',
    target: 'es2022',
    outDir: 'out',
    strict: true,
    experimentalDecorators: true,
    emitDecoratorMetadata: true
  }
  project.write('tsconfig.json', JSON.stringify({ compilerOptions, files: ['nest.ts'] }))
  project.run(process.execPath, project.script('typescript/bin/tsc'), '-p', '.')
  const end = { code: null, signal: 'SIGTERM' } as const
  await servesInFour(project, { command: process.execPath, args: ['out/nest.js'], end })
})
