import Table from 'cli-table3'
import { roomOfGuard } from './choose.ts'
import type { Tried } from './try.ts'

const inSeconds = (ms: number): string => (ms / 1_000).toFixed(1)
const cut = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text)

/** One line while they run; a survivor says what is promised and not tested. */
export function lineOf({ guard, verdict, failure, durationMs }: Tried): string {
  const why = verdict === 'survived' ? guard.promise : cut(failure ?? '', 160)
  return `${verdict.padEnd(8)} ${guard.name} (${inSeconds(durationMs)} s): ${why}`
}

export function tableOf(tried: readonly Tried[]): string {
  const table = new Table({
    head: ['guard', 'room', 'verdict', 's', 'noticed by'],
    colAligns: ['left', 'left', 'left', 'right', 'left'],
    style: { head: [], border: [], compact: true }
  })
  for (const { guard, verdict, failure, durationMs } of tried) {
    const shown = verdict === 'killed' ? verdict : verdict.toUpperCase()
    table.push([guard.name, roomOfGuard(guard), shown, inSeconds(durationMs), cut(failure ?? '', 70)])
  }
  return table.toString()
}

/** The last line. */
export function summaryOf(tried: readonly Tried[]): string {
  const number = (wanted: Tried['verdict']): number => tried.filter(({ verdict }) => verdict === wanted).length
  const untried = number('untried')
  const rest = untried === 0 ? '' : `, ${untried} not tried: their tests fail without a mutation`
  return `${number('killed')} killed, ${number('survived')} survived${rest}`
}

export function toJson(tried: readonly Tried[], seed: number): string {
  const entries = tried.map(({ guard, verdict, failure, durationMs }) => {
    const { name, promise, file } = guard
    return { name, promise, file, room: roomOfGuard(guard), verdict, failure, durationMs }
  })
  const isOk = tried.every(({ verdict }) => verdict === 'killed')
  return JSON.stringify({ ok: isOk, seed, guards: entries }, undefined, 2)
}
