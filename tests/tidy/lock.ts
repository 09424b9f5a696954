interface Locked {
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly resolved?: string
  readonly integrity?: string
  readonly link?: boolean
}

/**
 * npm leaves an optional package out of the lock without a word when the registry lacks it, and then refuses to install
 * from that lock on every machine. The registry itself is not named: each machine has its own.
 */
export function faultsOfLock(text: string): string[] {
  const { packages } = JSON.parse(text) as { packages: Record<string, Locked> }
  const names = new Set(Object.keys(packages).map(path => path.split('node_modules/').pop()))
  return Object.entries(packages).flatMap(([path, locked]) => [
    ...Object.keys(locked.optionalDependencies ?? {})
      .filter(name => !names.has(name))
      .map(name => `${path} lacks ${name}`),
    ...(locked.resolved === undefined ? [] : [`${path} names where it came from`]),
    ...(path === '' || locked.integrity !== undefined || locked.link ? [] : [`${path} has no checksum`])
  ])
}
