type Signal = 'SIGTERM' | 'SIGINT' | 'SIGHUP'

/** Without a listener Node lets the system end the process. */
const standIn = (): void => undefined

/**
 * Handles these signals alone. The app's own listeners don't get them: most would at once close what requests and jobs
 * still need. `appListeners` returns them, to be called when those have ended. Node emits a signal with the
 * `process.emit` that is there when its first listener is added, so `emit` is replaced before.
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

/** The app's own listeners for the end of its process. */
export function appListeners(): readonly ((signal: 'SIGTERM') => unknown)[] {
  return process.listeners('SIGTERM').filter(listener => listener !== standIn)
}
