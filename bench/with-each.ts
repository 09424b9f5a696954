/** Opens the thing of a name, for the use of it. */
type With<Name extends string, Thing, T> = (name: Name, use: (thing: Thing) => Promise<T>) => Promise<T>

/** Has a thing of every name open at the same time. */
export async function withEach<Name extends string, Thing, T>(
  names: readonly Name[],
  open: With<Name, Thing, T>,
  use: (things: Readonly<Record<Name, Thing>>) => Promise<T>
): Promise<T> {
  const [name, ...rest] = names
  if (name === undefined) return use({} as Readonly<Record<Name, Thing>>)
  return open(name, thing => withEach(rest, open, others => use({ ...others, [name]: thing })))
}
