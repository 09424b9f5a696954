import type { DeploymentOptions } from './deployment.ts'
import { Member } from './member.ts'

let count = 0

/** A process of an older release that is not in the deployment any more. */
export function oldReleaseOn(
  host: string,
  { product, folder, envOf, recorder }: Omit<DeploymentOptions, 'topology' | 'hosts'>
): Member {
  const args = [`${product}/chaos/app/old-release.ts`]
  const name = `old-release-${++count}`
  return new Member({ name, host, args, folder, env: envOf(host), recorder, readyWhen: /^started/, endsByItself: true })
}
