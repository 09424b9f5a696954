import { watch } from 'node:fs'
import { createServer } from 'node:http'
import page from './page.ts'

// As an app does that has to warm up: here, until the file "gate" appears.
console.log('waiting for the gate')
const watcher = watch('.', (_, name) => {
  if (name !== 'gate') return
  watcher.close()
  createServer(page).listen(Number(process.env['PORT']), process.env['HOST'])
})
