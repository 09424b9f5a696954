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

/** Why a process can't listen, in words and with a status of its own; any other error as it is. */
export function listenProblem(error: unknown, name: string, { host, port }: ListenAddress): unknown {
  const reason = reasons[(error as NodeJS.ErrnoException).code ?? '']
  if (reason === undefined) return error
  const message = `${name} cannot listen on ${host}:${port}: ${reason}.`
  return new Refused({ status: exitCodes.addressTaken, code: 'address-taken', message })
}

/** The same, of a server that is not ours: it says itself where it wanted to listen. */
export function ownListenProblem(error: unknown, name: string): unknown {
  const { syscall, address, port } = (error ?? {}) as { syscall?: unknown; address?: unknown; port?: unknown }
  if (typeof port !== 'number' || (syscall !== 'listen' && syscall !== 'bind')) return error
  return listenProblem(error, name, { host: String(address), port })
}

/**
 * Before anything is started: a process that finds its port taken would have joined the others by then.
 *
 * @throws Refused for an address that was asked for, and that can't be had.
 */
export async function assertPortsFree(processes: Inspection['processes']): Promise<void> {
  const tried = new Set<string>()
  for (const { name, listen } of processes) {
    if (listen === undefined || listen.isMovable || listen.port === 0) continue
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
