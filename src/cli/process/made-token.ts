import { tokenFileOf, tokenOf } from '../../launcher/api-token.ts'
import type { Inspection } from '../../launcher/protocol.ts'

/** The token of a start for which none is configured. Undefined: none is needed, or its file can't be had. */
export function madeTokenOf(
  { needsToken, runDirectory }: Inspection,
  notice: (text: string) => void
): string | undefined {
  if (!needsToken) return undefined
  try {
    return tokenOf(runDirectory)
  } catch (error) {
    notice(
      `the management API serves the health check only: its token could not be kept in ${tokenFileOf(runDirectory)}: ${String(error)}. Set SCHEDULER_API_TOKEN, or let ESCAPEMENT_RUN_DIR name a folder that can be written`
    )
    return undefined
  }
}
