const PATIENCE_MS = 5_000

/** Calls an address, which must respond with a status from 200 to 299 within 5 s. Redirects are not followed. */
export async function callHeartbeat(url: string): Promise<void> {
  const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(PATIENCE_MS) })
  await response.body?.cancel()
  if (!response.ok) throw new Error(`The address of the heartbeat responded with status ${response.status}.`)
}
