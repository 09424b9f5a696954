export const GLYPH_WIDTH = 5
export const GLYPH_HEIGHT = 7

// A letter is seven rows of five dots, one character a row: read in base 32 it gives the dots, the leftmost counting 16.
const alphabet = new Map<string, string>()

function draw(letters: string, shapes: string): void {
  shapes.split(' ').forEach((shape, index) => alphabet.set(letters[index] ?? '', shape))
}

draw(
  'ABCDEFGHIJKLM',
  'ehhvhhh uhhuhhu ehggghe uhhhhhu vgguggv vgguggg ehgnhhf hhhvhhh e44444e 72222ic hikokih ggggggv hrllhhh'
)
draw(
  'NOPQRSTUVWXYZ',
  'hhpljhh ehhhhhe uhhuggg ehhhlid uhhukih fgge11u v444444 hhhhhhe hhhhha4 hhhllla hha4ahh hhha444 v1248gv'
)
draw('0123456789', 'ehjlphe 4c4444e eh1248v v2421he 26aiv22 vgu11he 68guhhe v124888 ehhehhe ehhf12c')
draw(
  '.,:-_/()\'"?!=',
  '00000cc 0000c48 0cc0cc0 000v000 000000v 01248g0 2488842 8422248 c480000 aaa0000 eh12404 4444404 00v0v00'
)
draw('+%&@#*[]<>\\ ', '044v440 op248j3 cik8lid eh1dlle aavavaa 04lel40 e88888e e22222e 248g842 8421248 0g84210 0000000')

const UNKNOWN = 'vhhhhhv'

/** The rows of dots of a letter, from the top; small letters and accents are drawn as plain capitals. */
export function glyphRows(letter: string): number[] {
  const plain = letter.normalize('NFD').charAt(0).toUpperCase()
  return Array.from(alphabet.get(plain) ?? UNKNOWN, row => Number.parseInt(row, 32))
}
