import * as v from 'valibot'
import type { Endpoint } from '../contract/endpoint.ts'
import { didYouMean } from '../core/options/nearest.ts'
import type { Problem } from './problems.ts'

const MAX_SHOWN = 80

type Read = { readonly query: object } | { readonly problem: Problem }

/** The query of a request as its endpoint takes it, or what is wrong with each parameter. */
export function queryOf(given: URLSearchParams, schema: Endpoint['query'] = none): Read {
  const twice = [...new Set(given.keys())].filter(name => given.getAll(name).length > 1)
  if (twice.length > 0)
    return invalid(twice.map(parameter => ({ parameter, detail: 'It is given more than once; it is taken once.' })))
  const { success, output, issues } = v.safeParse(schema, Object.fromEntries(given))
  return success ? { query: output as object } : invalid(issues.map(issue => errorOf(issue, schema)))
}

const none = v.strictObject({})

function invalid(errors: NonNullable<Problem['errors']>): Read {
  const detail = errors.map(each => `${each.parameter}: ${each.detail}`).join(' ')
  return {
    problem: { status: 400, code: 'request-invalid', title: 'The request is invalid.', detail, errors }
  }
}

function errorOf(issue: v.BaseIssue<unknown>, schema: v.GenericSchema) {
  const parameter = (v.getDotPath(issue) ?? '').slice(0, MAX_SHOWN)
  if (issue.type === 'strict_object') {
    const known = Object.keys((schema as v.StrictObjectSchema<v.ObjectEntries, undefined>).entries)
    return {
      parameter,
      detail: known.length === 0 ? 'It is not taken here.' : `It is unknown; ${didYouMean(parameter, known)}`
    }
  }
  const got = JSON.stringify(String(issue.input).slice(0, MAX_SHOWN))
  return { parameter, detail: `It is ${got}; it takes ${takes(issue)}.` }
}

const takes = ({ type, expected, message }: v.BaseIssue<unknown>): string => {
  if (type === 'picklist') return `one of ${expected?.replaceAll(/[()]/g, '').replaceAll(' | ', ', ')}`
  if (type === 'min_length') return 'a text that is not empty'
  if (type === 'max_length') return `at most ${expected?.replace(/^<=/, '')} characters`
  return message
}
