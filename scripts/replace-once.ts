/**
 * The text with one part of it replaced.
 *
 * @throws Error when the part is not there just once: what was to be taken out would stay in, and a run prove nothing.
 */
export function replaceOnce(text: string, part: string, put: string): string {
  const pieces = text.split(part)
  if (pieces.length !== 2) throw new Error(`has ${pieces.length - 1} times ${JSON.stringify(part)}, not once`)
  return pieces.join(put)
}
