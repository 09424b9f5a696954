type Signal = 'SIGTERM' | 'SIGINT' | 'SIGHUP'

/** Without a listener Node lets the system end the process. */
const standIn = (): void => undefined

/**
 * Takes these signals for ourselves. The app's own listeners don't hear of them: most of them close or end at once what
 * requests and jobs still need, and are called by `appListeners` when those have ended. A signal is an event that Node
 * emits by `process.emit`, as it is when the first listener of the signal comes.
 */
export function ownSignals(takers: Readonly<Record<Signal, () => void>>): void {
  const emit = process.emit.bind(process) as (name: string | symbol, ...facts: unknown[]) => boolean
  process.emit = ((name: string | symbol, ...facts: unknown[]): boolean => {
    if (!Object.hasOwn(takers, name)) return emit(name, ...facts)
    takers[name as Signal]()
    return true
  }) as typeof process.emit
  for (const signal of Object.keys(takers) as Signal[]) process.on(signal, standIn)
}

/** What the app itself wants to do when its process is asked to end. */
export function appListeners(): readonly ((signal: 'SIGTERM') => unknown)[] {
  return process.listeners('SIGTERM').filter(listener => listener !== standIn)
}
