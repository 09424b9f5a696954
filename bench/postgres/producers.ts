import { withEach } from '../with-each.ts'
import type { ContestantName } from './contestants/all.ts'
import type { Purpose } from './contestants/contestant.ts'
import { withAddresses, type RunningServers } from './servers.ts'
import { type ContestantProcess, withProcess } from './processes.ts'

export interface Producing<Name extends ContestantName> {
  readonly names: readonly Name[]
  readonly purpose: Purpose
}

/** A process of each contestant that can enqueue, all at the same time and each with a database of its own. */
export const withProducers = <Name extends ContestantName, T>(
  servers: RunningServers,
  { names, purpose }: Producing<Name>,
  use: (producers: Readonly<Record<Name, ContestantProcess>>) => Promise<T>
): Promise<T> =>
  withEach(
    names,
    (name, useOne) =>
      withAddresses(servers, addresses =>
        withProcess({ name, addresses }, async producer => {
          await producer.call('install', purpose)
          await producer.call('produce', purpose)
          return useOne(producer)
        })
      ),
    use
  )
