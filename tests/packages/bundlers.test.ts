import { afterAll, beforeAll, expect, test } from 'vitest'
import { servesInFour } from './four-processes.ts'
import { Project } from './project.ts'

let project: Project

beforeAll(async () => {
  project = await Project.install('bundlers')
  project.writeBlocks('escapement.js', 'http.js')
}, 600_000)

afterAll(() => project.remove())

test('webpack, without a warning', async () => {
  const build = `
import webpack from 'webpack'
const output = { path: import.meta.dirname + '/webpack', filename: 'http.cjs' }
webpack({ target: 'node', mode: 'production', entry: './http.js', output }, (error, stats) => {
  console.log(error ?? stats.toString({ all: false, errors: true, warnings: true }))
})
`
  project.write('build.js', build)
  expect(project.run(process.execPath, 'build.js').trim()).toBe('')
  await servesInFour(project, { command: process.execPath, args: ['webpack/http.cjs'] })
})

test('Vite for servers, with everything in the bundle', async () => {
  const config = { build: { ssr: 'http.js', outDir: 'vite' }, ssr: { noExternal: true } }
  project.write('vite.config.js', `export default ${JSON.stringify(config)}`)
  const said = project.run(process.execPath, project.script('vite/bin/vite.js'), 'build')
  expect(said).not.toMatch(/\b(warning|error)\b/i)
  await servesInFour(project, { command: process.execPath, args: ['vite/http.js'] })
})
