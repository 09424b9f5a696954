/** When what happens in a good run, and to whom. 101 is killed, and 104 stands in for it; 103 is frozen beyond its lease. */
export const LEASE_MS = 3_000
export const beganAt = Date.UTC(2030, 0, 1)
export const endAt = beganAt + 40_000
export const killedAt = beganAt + 10_350
export const cutFrom = beganAt + 15_050
export const cutTo = cutFrom + 3_400
export const frozenAt = beganAt + 20_350
export const thawedAt = frozenAt + LEASE_MS + 1_200
export const pausedFrom = beganAt + 30_500
export const pausedTo = beganAt + 33_500
export const resignedAt = beganAt + 35_000
export const doneAt = endAt + 3_000

export const [victim, steady, sleeper, heir] = [101, 102, 103, 104] as const

/** The processes that can begin something at that instant. Right before a fault it is the one that the fault is about. */
export function ableAt(at: number): readonly number[] {
  if (at < killedAt && at > killedAt - 400) return [victim]
  if (at < frozenAt && at > frozenAt - 400) return [sleeper]
  return [
    ...(at < killedAt ? [victim] : []),
    steady,
    ...(at < frozenAt || at > thawedAt + 1_000 ? [sleeper] : []),
    ...(at > killedAt + 900 ? [heir] : [])
  ]
}
