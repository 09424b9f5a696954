import type { Bar } from './bar.ts'
import { RAN_ON } from './report.ts'

const WIDTH = 800
const LABELS = 290
const VALUES = 110
const ROW = 20
const TITLE = 26
const GAP = 14
const FOOT = 20
const LONGEST = WIDTH - LABELS - VALUES

interface Line {
  readonly label: string
  readonly value: number
  readonly isOurs: boolean
}

interface Panel {
  readonly name: string
  readonly unit: string
  readonly lines: readonly Line[]
}

/** What was measured next to two or more others, as bars: an SVG that suits light and dark pages. */
export function chartOf(bars: readonly Bar[]): string {
  const panels = panelsOf(bars)
  const height = panels.reduce((sum, panel) => sum + heightOf(panel), GAP + FOOT)
  let top = GAP
  const drawn = panels.map(panel => {
    const at = top
    top += heightOf(panel)
    return draw(panel, at)
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" font-family="system-ui, sans-serif" font-size="13">
<title>Escapement beside others</title>
<style>text { fill: #1f2933 } .ours { fill: #0b7a75 } .theirs { fill: #9fb3c8 } .name { font-weight: 600 }
@media (prefers-color-scheme: dark) { text { fill: #e4e7eb } .ours { fill: #2cb1a5 } .theirs { fill: #52667a } }</style>
${drawn.join('\n')}
<text x="0" y="${height - GAP}">${escaped(RAN_ON)}</text>
</svg>
`
}

const heightOf = ({ lines }: Panel): number => TITLE + lines.length * ROW + GAP

/** One panel for each thing measured. What it was measured against are its lines. */
function panelsOf(bars: readonly Bar[]): Panel[] {
  const groups = Object.values(Object.groupBy(bars, bar => bar.name)).filter(group => group !== undefined)
  return groups
    .filter(group => group.length > 1)
    .map(group => {
      const { name, unit, value } = group[0]!
      const others = group.map(({ against, reference }) => ({ label: against, value: reference, isOurs: false }))
      return { name, unit, lines: [{ label: 'Escapement', value, isOurs: true }, ...others] }
    })
}

function draw({ name, unit, lines }: Panel, top: number): string {
  const most = Math.max(...lines.map(line => line.value))
  const title = `<text class="name" x="0" y="${top + 14}">${escaped(`${name}, ${unit}`)}</text>`
  return [title, ...lines.map((line, index) => drawLine(line, { most, top: top + TITLE + index * ROW }))].join('\n')
}

function drawLine({ label, value, isOurs }: Line, { most, top }: { most: number; top: number }): string {
  const width = Math.max(1, (value / most) * LONGEST)
  const figure = Number(value.toPrecision(3)).toLocaleString('en')
  return [
    `<text x="0" y="${top + 13}">${escaped(label)}</text>`,
    `<rect class="${isOurs ? 'ours' : 'theirs'}" x="${LABELS}" y="${top + 2}" width="${width.toFixed(1)}" height="${ROW - 6}"/>`,
    `<text x="${(LABELS + width + 6).toFixed(1)}" y="${top + 13}">${figure}</text>`
  ].join('')
}

const escaped = (text: string): string => text.replace(/[&<>"]/g, character => `&#${character.charCodeAt(0)};`)
