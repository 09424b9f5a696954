import type { ServerResponse } from 'node:http'

const OWN = ['writeHead', 'flushHeaders', 'write', 'end'] as const

/**
 * Lets a handler respond, unless it responds with 404: then nothing of that is sent, and `otherwise` responds instead.
 * So a handler need not say which paths it has.
 */
export function unlessFree(response: ServerResponse, handle: () => void, otherwise: () => void): void {
  /** The methods of its class take over again. */
  const restore = (): void => OWN.forEach(name => void Reflect.deleteProperty(response, name))
  const isFree = (): boolean => response.statusCode === 404 && !response.headersSent
  const swallow = (given: readonly unknown[]): void => {
    const done = given.find(each => typeof each === 'function') as (() => void) | undefined
    if (done !== undefined) queueMicrotask(done)
  }
  const handOver = (): void => {
    restore()
    for (const name of response.getHeaderNames()) response.removeHeader(name)
    Object.assign(response, { statusCode: 200, statusMessage: '' })
    otherwise()
  }
  const kept = {
    writeHead: (...given: Parameters<ServerResponse['writeHead']>) => {
      response.statusCode = given[0]
      if (isFree()) return response
      restore()
      return response.writeHead(...given)
    },
    flushHeaders: () => {
      if (isFree()) return
      restore()
      response.flushHeaders()
    },
    write: (...given: Parameters<ServerResponse['write']>) => {
      if (isFree()) {
        swallow(given)
        return true
      }
      restore()
      return response.write(...given)
    },
    end: (...given: Parameters<ServerResponse['end']>) => {
      if (isFree()) {
        swallow(given)
        handOver()
        return response
      }
      restore()
      return response.end(...given)
    }
  }
  Object.assign(response, kept)
  handle()
}
