import { createServer } from 'node:net'
import { exitCodes } from '../../launcher/exit-codes.ts'
import type { Inspection } from '../../launcher/protocol.ts'
import { Refused } from '../failures.ts'

interface ListenAddress {
  readonly host: string
  readonly port: number
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'it is taken by another program',
  EACCES: 'this user may not have it',
  EADDRNOTAVAIL: 'this host has no such address'
}

/** A known error of listening, in words and with its own exit status. Returns any other error as it is. */
export function listenProblem(error: unknown, name: string, { host, port }: ListenAddress): unknown {
  const reason = reasons[(error as NodeJS.ErrnoException).code ?? '']
  if (reason === undefined) return error
  const message = `${name} cannot listen on ${host}:${port}: ${reason}.`
  return new Refused({ status: exitCodes.addressTaken, code: 'address-taken', message })
}

/** The same for a server of the app's own: the error has the address. */
export function ownListenProblem(error: unknown, name: string): unknown {
  const { syscall, address, port } = (error ?? {}) as { syscall?: unknown; address?: unknown; port?: unknown }
  if (typeof port !== 'number' || (syscall !== 'listen' && syscall !== 'bind')) return error
  return listenProblem(error, name, { host: String(address), port })
}

/**
 * Runs before anything starts: a process that finds its port taken later would have joined the other nodes already.
 *
 * @throws Refused if a configured address is not available.
 */
export async function assertPortsFree(processes: Inspection['processes']): Promise<void> {
  const tried = new Set<string>()
  for (const { name, listen } of processes) {
    if (listen.isMovable || listen.port === 0) continue
    const address = `${listen.host} ${listen.port}`
    if (!tried.has(address)) await tryOut(name, listen)
    tried.add(address)
  }
}

async function tryOut(name: string, { host, port }: ListenAddress): Promise<void> {
  const server = createServer()
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen({ host, port, exclusive: true }, () => server.close(() => resolve()))
    })
  } catch (error) {
    throw listenProblem(error, name, { host, port })
  }
}
