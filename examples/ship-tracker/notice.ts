import type { Bitmap } from './bitmap.ts'
import { GLYPH_HEIGHT, GLYPH_WIDTH, glyphRows } from './letters.ts'

interface Size {
  width: number
  height: number
}

interface Line {
  text: string
  /** Pixels to a dot of the letters. */
  scale: number
  left: number
  top: number
  color: Color
}

type Color = readonly [red: number, green: number, blue: number]

const paper: Color = [238, 243, 247]
const band: Color = [20, 64, 107]
const ink: Color = [18, 38, 58]
const white: Color = [255, 255, 255]
const MARGIN = 40
const BAND_HEIGHT = 90

/** Draws a title and a wrapped text, dot by dot: a picture for when nothing is there that could render one. */
export function drawNotice(title: string, text: string, size: Size): Bitmap {
  const bitmap = { ...size, data: new Uint8Array(size.width * size.height * 3) }
  fill(bitmap, { left: 0, top: 0, ...size }, paper)
  fill(bitmap, { left: 0, top: 0, width: size.width, height: BAND_HEIGHT }, band)
  drawLine(bitmap, { text: title, scale: 4, left: MARGIN, top: 31, color: white })
  const scale = 3
  const columns = Math.floor((size.width - 2 * MARGIN) / ((GLYPH_WIDTH + 1) * scale))
  const lineHeight = (GLYPH_HEIGHT + 4) * scale
  wrap(text, columns).forEach((line, index) =>
    drawLine(bitmap, { text: line, scale, left: MARGIN, top: BAND_HEIGHT + MARGIN + index * lineHeight, color: ink })
  )
  return bitmap
}

function wrap(text: string, columns: number): string[] {
  const pieces = text.split(/\s+/).flatMap(word => word.match(new RegExp(`.{1,${columns}}`, 'gu')) ?? [])
  const lines: string[] = []
  for (const piece of pieces) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + piece.length <= columns) lines[lines.length - 1] = `${last} ${piece}`
    else lines.push(piece)
  }
  return lines
}

function drawLine(bitmap: Bitmap, { text, scale, left, top, color }: Line): void {
  Array.from(text, (letter, index) => {
    const x = left + index * (GLYPH_WIDTH + 1) * scale
    glyphRows(letter).forEach((dots, row) => {
      for (let column = 0; column < GLYPH_WIDTH; column += 1)
        if ((dots & (1 << (GLYPH_WIDTH - 1 - column))) !== 0)
          fill(bitmap, { left: x + column * scale, top: top + row * scale, width: scale, height: scale }, color)
    })
  })
}

function fill(bitmap: Bitmap, box: Size & { left: number; top: number }, color: Color): void {
  const right = Math.min(box.left + box.width, bitmap.width)
  const bottom = Math.min(box.top + box.height, bitmap.height)
  for (let y = box.top; y < bottom; y += 1)
    for (let x = box.left; x < right; x += 1) bitmap.data.set(color, (y * bitmap.width + x) * 3)
}
