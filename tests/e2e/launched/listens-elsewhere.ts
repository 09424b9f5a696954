import { createServer } from 'node:http'

// Not where it was told to.
createServer().listen(Number(process.env['APP_PORT']), '127.0.0.1')
