/** Version of the time-zone data of this Node, which all zones in `core` use. */
export const timezoneData = process.versions['tz'] ?? process.versions['icu'] ?? 'unknown'

/** "2026a", the name of a release of the IANA time-zone database; later releases compare greater as texts. */
const RELEASE = /^\d{4}[a-z]+$/

/**
 * Whether one version of the time-zone data is newer than another. A version that is not a release of the IANA database
 * (`unknown`, or ICU's own number) is older than every release, and not newer than another such version.
 */
export function isNewerData(version: string, other: string): boolean {
  if (!RELEASE.test(version)) return false
  return !RELEASE.test(other) || version > other
}

/** The newest of the versions. Undefined for an empty list. */
export const newestData = (versions: readonly string[]): string | undefined =>
  versions.reduce<string | undefined>(
    (newest, version) => (newest === undefined || isNewerData(version, newest) ? version : newest),
    undefined
  )
