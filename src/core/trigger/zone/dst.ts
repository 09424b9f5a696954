import { EscapementError } from '../../errors.ts'
import { judgedLater } from '../../options/forms.ts'
import { describe } from '../../options/names.ts'
import { checkOptions, door } from '../../options/options.ts'

/**
 * What becomes of a local time that the clocks skip: fire at the first instant after the gap, not at all, or later by
 * the gap's length.
 */
export type GapPolicy = 'transition' | 'skip' | 'shift'
/** What becomes of a local time that comes twice. */
export type OverlapPolicy = 'first' | 'last' | 'both'

export interface DstPolicy {
  gap: GapPolicy
  overlap: OverlapPolicy
}

const gaps: readonly GapPolicy[] = ['transition', 'skip', 'shift']
const overlaps: readonly OverlapPolicy[] = ['first', 'last', 'both']

const dstDoor = door<DstPolicy>('trigger-invalid', { gap: judgedLater, overlap: judgedLater })

/** Fills in the defaults (`transition`, `first`). Throws `trigger-invalid`. */
export function dstPolicy(given: Partial<DstPolicy> = {}): DstPolicy {
  checkOptions('dst', given, dstDoor)
  return {
    gap: checkChoice('dst.gap', given.gap, gaps),
    overlap: checkChoice('dst.overlap', given.overlap, overlaps)
  }
}

/** The value when it is one of the choices, the first choice when it is undefined. Throws `trigger-invalid`. */
export function checkChoice<T extends string>(name: string, value: T | undefined, choices: readonly T[]): T {
  const chosen = value ?? choices[0]
  if (chosen === undefined || !choices.includes(chosen)) {
    const takes = choices.map(choice => `"${choice}"`).join(', ')
    throw new EscapementError('trigger-invalid', `${name} got ${describe(value)}; it takes one of ${takes}.`)
  }
  return chosen
}
