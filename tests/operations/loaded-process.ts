import { registerHooks } from 'node:module'

/** An app that enqueues and starts nothing: prints which files of src it has loaded for that. */
const loaded: string[] = []
registerHooks({
  load(url, context, next) {
    loaded.push(url)
    return next(url, context)
  }
})
const { createEscapement, task } = await import('../../src/index.ts')
const load = task('load', { handler: () => undefined })
const app = createEscapement({ database: 'memory:', logger: false, tasks: [load] })
await app.enqueue(load, null)
await app.stop()
console.log(JSON.stringify(loaded.flatMap(url => /\/src\/(.*)$/.exec(url)?.[1] ?? [])))
