import * as v from 'valibot'

const text = v.nullable(v.string())

/** A list that stops searching after a while: a short page may have a cursor. */
export const searchedPageOf = <Item extends v.GenericSchema>(item: Item) =>
  v.object({ items: v.array(item), cursor: text, complete: v.boolean(), searchedUntil: text })
