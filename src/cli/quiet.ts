/**
 * Node 22 warns that its SQLite and its type stripping are experimental. The command line relies on both, and its user
 * can't act on it. Every other warning is still printed on standard error.
 */
export function hideExperimentalWarnings(): void {
  process.removeAllListeners('warning')
  process.on('warning', ({ name, message }) => {
    if (name !== 'ExperimentalWarning') process.stderr.write(`${name}: ${message}\n`)
  })
}
