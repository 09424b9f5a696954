import { EscapementError } from '../../errors.ts'
import { judgedLater } from '../../options/forms.ts'
import { describe } from '../../options/names.ts'
import { checkOptions, door } from '../../options/options.ts'

/**
 * When a local time that the clocks skip fires. `transition`: at the first instant after the gap. `skip`: not at all.
 * `shift`: later by the length of the gap.
 */
export type GapPolicy = 'transition' | 'skip' | 'shift'
/** When a local time that occurs twice fires. */
export type OverlapPolicy = 'first' | 'last' | 'both'

/** What happens to local times that the clocks skip or show twice. */
export interface DstPolicy {
  gap: GapPolicy
  overlap: OverlapPolicy
}

const gaps: readonly GapPolicy[] = ['transition', 'skip', 'shift']
const overlaps: readonly OverlapPolicy[] = ['first', 'last', 'both']

const dstDoor = door<DstPolicy>('trigger-invalid', { gap: judgedLater, overlap: judgedLater })

/**
 * Fills in the defaults (`transition`, `first`).
 *
 * @throws EscapementError `trigger-invalid`
 */
export function dstPolicy(given: Partial<DstPolicy> = {}): DstPolicy {
  checkOptions('dst', given, dstDoor)
  return {
    gap: checkChoice('dst.gap', given.gap, gaps),
    overlap: checkChoice('dst.overlap', given.overlap, overlaps)
  }
}

/**
 * The value if it is one of the choices; the first choice if it is undefined.
 *
 * @throws EscapementError `trigger-invalid`
 */
export function checkChoice<T extends string>(name: string, value: T | undefined, choices: readonly T[]): T {
  const chosen = value ?? choices[0]
  if (chosen === undefined || !choices.includes(chosen)) {
    const takes = choices.map(choice => `"${choice}"`).join(', ')
    throw new EscapementError('trigger-invalid', `${name} got ${describe(value)}; it takes one of ${takes}.`)
  }
  return chosen
}
