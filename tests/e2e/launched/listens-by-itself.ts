import { createServer } from 'node:http'
import page from './page.ts'

// As any app does that knows nothing of who starts it.
createServer(page).listen(Number(process.env['PORT']), process.env['HOST'])
