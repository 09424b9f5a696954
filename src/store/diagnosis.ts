/** Facts about the database under a store, to check a deployment. */
export interface Diagnosis {
  /** Settings that decide what a power cut loses: names and values as the database gives them. */
  readonly durability: Readonly<Record<string, string>>
  /** Whether a pooler is in between, which can't keep a session's state. */
  readonly isPooled: boolean
  /** Whether wakes from others arrive. Undefined: this process does not listen. */
  readonly isHearingWakes: boolean | undefined
}
