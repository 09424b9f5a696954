/**
 * Splits a statement at `$1`, `$2` and so on: the texts between, and the values in the order in which the statement
 * uses them.
 */
export function splitAtValues(text: string, values: readonly unknown[]): { texts: string[]; inOrder: unknown[] } {
  const texts: string[] = []
  const inOrder: unknown[] = []
  text.split(/\$(\d+)/).forEach((part, index) => {
    if (index % 2 === 0) texts.push(part)
    else inOrder.push(values[Number(part) - 1])
  })
  return { texts, inOrder }
}
