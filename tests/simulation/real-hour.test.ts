import { expect, test } from 'vitest'
import { seed as baseSeed } from '../core/trigger/seed.ts'
import { RealHour } from './real-hour.ts'

const SEEDS = process.env['ESCAPEMENT_TEST_SEED'] === undefined ? 20 : 1

test(
  `an hour of three published nodes that die and freeze is recorded and run once, from seed ${baseSeed}`,
  { timeout: 600_000 },
  async () => {
    const total = { stale: 0, rescued: 0, leasesLost: 0 }
    for (let seed = baseSeed; seed < baseSeed + SEEDS; seed++) {
      const hour = new RealHour(seed)
      expect(await hour.live(), `ESCAPEMENT_TEST_SEED=${seed} repeats it`).toEqual([])
      for (const name of Object.keys(total) as (keyof typeof total)[]) total[name] += hour.tally[name]
    }
    expect(
      Object.values(total).every(times => times > 0),
      JSON.stringify(total)
    ).toBe(true)
  }
)
