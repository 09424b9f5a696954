import type { Books } from '../books.ts'

/** Where available jobs stand: `ready`, or `suspect` if they were rescued once. Key and order of both are those of a claim. */
export const INSERT_READY = 'INSERT INTO escapement_ready (task, queue, priority, run_at, id) VALUES (?, ?, ?, ?, ?)'
export const INSERT_SUSPECT =
  'INSERT INTO escapement_suspect (task, queue, priority, run_at, id) VALUES (?, ?, ?, ?, ?)'

const placeIn = (place: string, condition: string): string => `
INSERT INTO ${place} (task, queue, priority, run_at, id) SELECT task, queue, priority, run_at, id FROM escapement_job WHERE id = ? AND ${condition}`
const leave = (place: string): string => `
DELETE FROM ${place} WHERE (task, queue, priority, run_at, id) = (SELECT task, queue, priority, run_at, id FROM escapement_job WHERE id = ?)`

const PLACE = [placeIn('escapement_ready', 'rescues = 0'), placeIn('escapement_suspect', 'rescues > 0')]
const LEAVE = [leave('escapement_ready'), leave('escapement_suspect')]

/** An available job is to be found by claims. */
export function makeAvailable({ connection }: Books, id: string): void {
  for (const sql of PLACE) connection.prepare(sql).run(id)
}

/** A job that waits is to be found by them no more. */
export function makeUnavailable({ connection }: Books, id: string): void {
  for (const sql of LEAVE) connection.prepare(sql).run(id)
}
