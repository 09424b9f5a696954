import type { NewAuditEntry } from '../../core/access/audit.ts'
import { asLine, asRefused, type AuditedChange, auditEntryOf, type By, stampOf } from '../../core/access/by.ts'
import type { AuditStore } from '../../store/access/audit.ts'

const MINUTE_MS = 60_000
/** So many entries a minute; further addresses share one without an address. */
const MAX_ENTRIES = 1_000
const MAX_TARGET_LENGTH = 200

export interface RefusedAttemptsOptions {
  readonly store: Pick<AuditStore, 'writeAudit'>
  readonly clock: { now(): number }
  readonly newId: () => string
}

/** What was tried, and who tried it. */
export interface RefusedAttempt extends Pick<AuditedChange, 'action' | 'targetId'> {
  readonly by: By
}

/**
 * Counts what people and programs were refused, per actor, address, action and minute. Each process has its own entries.
 * A write takes the counts as they are, so a repeated one changes nothing, and one is under way at a time: however many
 * attempts come meanwhile, they are one further write.
 */
export class RefusedAttempts {
  readonly #options: RefusedAttemptsOptions
  #minute: number | undefined
  /** Those of this minute, by who and what. */
  #entries = new Map<string, NewAuditEntry>()
  /** What the books do not have yet, by id. */
  #unwritten = new Map<string, NewAuditEntry>()
  #writing: Promise<void> | undefined

  constructor(options: RefusedAttemptsOptions) {
    this.#options = options
  }

  /** Returns at once: nobody who is refused waits for the books. */
  count({ by: given, action, targetId: target }: RefusedAttempt): void {
    const [by, targetId] = [asRefused(given), asLine(target, MAX_TARGET_LENGTH)]
    const minute = Math.floor(this.#options.clock.now() / MINUTE_MS)
    if (minute !== this.#minute) this.#entries = new Map()
    this.#minute = minute
    const key = JSON.stringify([by.actor, by.address, action])
    const isOne = this.#entries.has(key) || this.#entries.size < MAX_ENTRIES
    this.#add(isOne ? key : 'others', isOne ? by : { actor: 'others', via: by.via }, { action, targetId })
    this.#writing ??= this.#write()
  }

  /** Resolves once all that was counted is written, or a write has failed: what is missing comes with the next one. */
  async idle(): Promise<void> {
    await this.#writing
  }

  #add(key: string, by: By, about: Pick<AuditedChange, 'action' | 'targetId'>): void {
    const before = this.#entries.get(key)
    const first = (): NewAuditEntry => ({
      ...auditEntryOf(stampOf(by), { ...about, id: this.#options.newId() }),
      outcome: 'refused',
      count: 0
    })
    const known = before ?? first()
    const entry = { ...known, count: known.count + 1 }
    this.#entries.set(key, entry)
    this.#unwritten.set(entry.id, entry)
  }

  async #write(): Promise<void> {
    // The attempts of one turn of the event loop are one write.
    await Promise.resolve()
    while (this.#unwritten.size > 0 && (await this.#isWritten()));
    this.#writing = undefined
  }

  async #isWritten(): Promise<boolean> {
    const entries = [...this.#unwritten.values()]
    this.#unwritten = new Map()
    try {
      await this.#options.store.writeAudit(entries)
      return true
    } catch {
      // The next attempt tries again. What has been counted since is newer; of older minutes only so much is kept.
      const kept = entries.slice(-MAX_ENTRIES).map(entry => [entry.id, entry] as const)
      this.#unwritten = new Map([...kept, ...this.#unwritten])
      return false
    }
  }
}
