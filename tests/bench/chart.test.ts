import { expect, test } from 'vitest'
import { atLeast, forComparison } from '../../bench/bar.ts'
import { chartOf } from '../../bench/chart.ts'

const drain = { name: 'drain', value: 100, unit: 'jobs/s' }
const bars = [
  atLeast(2, { ...drain, against: 'slower <peer>', reference: 25 }),
  forComparison({ ...drain, against: 'raw SQL', reference: 200 }),
  forComparison({ name: 'idle', value: 1, unit: 'ms', against: 'nothing', reference: 1 })
]

test('what was measured beside several others is drawn, each as long as its figure', () => {
  const widths = Array.from(
    chartOf(bars).matchAll(/<rect class="(ours|theirs)".*?width="([\d.]+)"/g),
    ([, whose, width]) => ({
      whose,
      width: Number(width)
    })
  )
  expect(widths).toEqual([
    { whose: 'ours', width: 200 },
    { whose: 'theirs', width: 50 },
    { whose: 'theirs', width: 400 }
  ])
})

test('a chart says on which Node and SQLite it was measured', () => {
  expect(chartOf(bars)).toContain(`Node ${process.versions.node}, SQLite ${process.versions['sqlite']}`)
})

test('names are text, whatever is in them', () => {
  expect(chartOf(bars)).toContain('slower &#60;peer&#62;')
  expect(chartOf(bars)).not.toContain('idle')
})
