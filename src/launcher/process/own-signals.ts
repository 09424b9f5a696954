type Signal = 'SIGTERM' | 'SIGINT' | 'SIGHUP'

const standIns = new Set<unknown>()

/**
 * Handles these signals alone. The app's own listeners don't get them: most would at once close what requests and jobs
 * still need. `appListeners` returns them, to be called when those have ended. Node emits a signal with the
 * `process.emit` that is there when its first listener is added, so `emit` is replaced before: listeners that are there
 * already are added again.
 */
export function ownSignals(takers: { readonly [Each in Signal]?: () => void }): void {
  const emit = process.emit.bind(process) as (name: string | symbol, ...facts: unknown[]) => boolean
  process.emit = ((name: string | symbol, ...facts: unknown[]): boolean => {
    if (!Object.hasOwn(takers, name)) return emit(name, ...facts)
    takers[name as Signal]?.()
    return true
  }) as typeof process.emit
  for (const signal of Object.keys(takers) as Signal[]) {
    const before = process.rawListeners(signal) as (() => void)[]
    process.removeAllListeners(signal)
    // Without a listener the system would end the process. Called only where signals don't come through `emit`, as in Bun.
    const standIn = (): void => takers[signal]?.()
    standIns.add(standIn)
    process.on(signal, standIn)
    for (const listener of before) process.on(signal, listener)
  }
}

/** The app's own listeners for the end of its process. */
export function appListeners(): readonly ((signal: 'SIGTERM') => unknown)[] {
  return process.listeners('SIGTERM').filter(listener => !standIns.has(listener))
}
