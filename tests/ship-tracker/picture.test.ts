import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { decode } from 'fast-bmp'
import { expect, test } from 'vitest'
import { findChromium } from '../../examples/ship-tracker/chromium.ts'
import { drawNotice } from '../../examples/ship-tracker/notice.ts'
import { PICTURE_SIZE, takePicture } from '../../examples/ship-tracker/picture.ts'
import { temporaryFolder } from './samples.ts'

const url = 'http://127.0.0.1:1/'
const never = new AbortController().signal
const TITLE = 'NO PHOTOGRAPH OF THE HARBOUR'

function brokenChromium(folder: string): string {
  const executable = join(folder, 'chromium')
  writeFileSync(executable, '#!/bin/sh\necho "no libraries here" >&2\nexit 127\n')
  chmodSync(executable, 0o755)
  return executable
}

test('without a Chromium the picture says so', async () => {
  const file = join(temporaryFolder(), 'current.bmp')
  const report = await takePicture({ url, chromium: undefined, file, signal: never })
  expect(report).toEqual({
    taken: false,
    note: 'No Chromium is installed on this machine (on Debian: apt-get install chromium).'
  })
  const drawn = drawNotice(TITLE, report.note, PICTURE_SIZE)
  expect(decode(readFileSync(file))).toMatchObject({ ...PICTURE_SIZE, bitsPerPixel: 24 })
  expect(Buffer.from(decode(readFileSync(file)).data as Uint8Array).equals(drawn.data)).toBe(true)
})

test('a Chromium that does not start is named, and the tracker goes on without a photograph', async () => {
  const folder = temporaryFolder()
  const file = join(folder, 'current.bmp')
  const chromium = brokenChromium(folder)
  const report = await takePicture({ url, chromium, file, signal: never })
  expect(report.taken).toBe(false)
  expect(report.note).toContain(`Chromium at ${chromium} could not be started`)
  expect(decode(readFileSync(file))).toMatchObject(PICTURE_SIZE)
})

test('a visit that is called off leaves no picture', async () => {
  const file = join(temporaryFolder(), 'current.bmp')
  const signal = AbortSignal.abort(new Error('called off'))
  await expect(takePicture({ url, chromium: undefined, file, signal })).rejects.toThrow('called off')
  expect(() => readFileSync(file)).toThrow('ENOENT')
})

test('a notice is drawn in letters that differ, and long words are broken to fit', () => {
  const size = { width: 400, height: 300 }
  const drawn = (text: string): Uint8Array => drawNotice('', text, size).data
  const inked = (text: string): number => drawn(text).filter((byte, at) => at % 3 === 0 && byte === 18).length
  const letters = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,:-_/()\'"?!=+%&@#*[]<>\\')
  expect(new Set(letters.map(letter => Buffer.from(drawn(letter)).toString('base64'))).size).toBe(letters.length)
  expect(letters.every(letter => inked(letter) > 0)).toBe(true)
  expect(inked('M'.repeat(40))).toBe(40 * inked('M'))
})

test('Chromium is looked for on the PATH, and a file that may not be run is none', () => {
  const folder = temporaryFolder()
  const executable = brokenChromium(folder)
  const path = `${join(folder, 'nothing-here')}:${folder}`
  expect(findChromium(path)).toBe(executable)
  chmodSync(executable, 0o644)
  expect(findChromium(path)).not.toBe(executable)
})
