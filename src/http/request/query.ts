import * as v from 'valibot'
import type { Endpoint } from '../../contract/endpoint.ts'
import { checkedBy } from './checked.ts'
import { invalidRequest, type Problem } from '../problems.ts'

const none = v.strictObject({})

/** The query of a request as its endpoint takes it, or what is wrong with each parameter. */
export function queryOf(
  given: URLSearchParams,
  schema: Endpoint['query'] = none
): { readonly query: object } | { readonly problem: Problem } {
  const twice = [...new Set(given.keys())].filter(name => given.getAll(name).length > 1)
  if (twice.length > 0)
    return {
      problem: invalidRequest(
        twice.map(parameter => ({ parameter, detail: 'It is given more than once; it is taken once.' }))
      )
    }
  // No prototype: a parameter may have any name.
  const members: object = Object.assign(Object.create(null) as object, Object.fromEntries(given))
  const checked = checkedBy(schema, members)
  if ('value' in checked) return { query: checked.value }
  return { problem: invalidRequest(checked.faults.map(({ name, detail }) => ({ parameter: name, detail }))) }
}
