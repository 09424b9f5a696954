/** What a store says of the database under it, for whoever checks a deployment. */
export interface Diagnosis {
  /** Settings that decide what a power cut loses: name and value, as the database says them. */
  readonly durability: Readonly<Record<string, string>>
  /** Whether a pooler stands between, which can't carry a session's state. */
  readonly isPooled: boolean
  /** Whether the wakes of others arrive; undefined: nobody tries to hear them. */
  readonly isHearingWakes: boolean | undefined
}
