import * as v from 'valibot'
import { alertRules } from '../../core/alerts/rule.ts'

const instant = v.pipe(v.string(), v.isoTimestamp())
const count = v.pipe(v.number(), v.integer(), v.minValue(0))

export const incident = v.object({
  id: v.string(),
  rule: v.picklist(alertRules),
  subject: v.string(),
  why: v.string(),
  beganAt: instant,
  openedAt: instant,
  resolvedAt: v.nullable(instant),
  missed: count,
  flaps: count,
  acknowledgedAt: v.nullable(instant),
  acknowledgedBy: v.nullable(v.string())
})
