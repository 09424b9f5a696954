import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Visit } from '../../examples/ship-tracker/arrivals.ts'
import type { ShipCall } from '../../examples/ship-tracker/timetable.ts'
import type { Sources } from '../../examples/ship-tracker/web.ts'
import { removeFolder } from '../remove-folder.ts'

/** A folder of the running test's own, removed when the test is over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ship-tracker-'))
  onTestFinished(() => removeFolder(folder))
  return folder
}

export function sampleCall(changes: Partial<ShipCall> = {}): ShipCall {
  return {
    call: 'HV-1',
    ship: 'Nordlys',
    origin: 'Bergen',
    berth: 'Grain Pier',
    etaAt: Date.UTC(2026, 2, 8, 12),
    progress: 'expected',
    milesOff: 12.5,
    ...changes
  }
}

export function sampleVisit(changes: Partial<Visit> = {}): Visit {
  return {
    key: 'visit-1',
    fireAt: Date.UTC(2026, 2, 8, 6),
    visitedAt: Date.UTC(2026, 2, 8, 6, 0, 1),
    url: 'http://127.0.0.1:3000/harbour',
    calls: [sampleCall()],
    picture: { taken: true, note: 'taken' },
    ...changes
  }
}

/** Sources of a page on which nothing has happened yet. */
export function sampleSources(changes: Partial<Sources> = {}): Sources {
  return {
    arrivals: () => Promise.resolve([]),
    visits: () => Promise.resolve([]),
    upcoming: () => Promise.resolve([]),
    fires: () => Promise.resolve([]),
    pictureFile: join(tmpdir(), 'no-such-folder', 'current.bmp'),
    isStopping: () => false,
    ...changes
  }
}
