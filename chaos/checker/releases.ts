import type { Facts } from './facts.ts'
import type { Finding } from './rules.ts'
import { RELEASE } from '../workload.ts'

/**
 * S15: every schedule is that of the release which was deployed, and its code names it. What it fires is held to S1 to
 * S3.
 */
export function releaseFindings({ books }: Facts): Finding[] {
  return books.schedules.flatMap(({ id, release, isOrphaned }): Finding[] => {
    if (release !== RELEASE)
      return [{ rule: 'S15', says: `${id} is of the release ${release}, and not of ${RELEASE}.` }]
    return isOrphaned ? [{ rule: 'S15', says: `${id} is orphaned, and the release ${RELEASE} names it.` }] : []
  })
}
