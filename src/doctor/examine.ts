import { alertsAreSent, logsAreWritten, overlapIsBounded, zoneIsMeant } from './app.ts'
import { apiGuarded } from './api.ts'
import { clocksAgree, commitsLast, wakesArrive, wakesPassPooler } from './database.ts'
import type { Facts } from './facts.ts'
import type { Check, Finding } from './finding.ts'
import {
  everyNodeRenews,
  noMoreScheduleThanMeant,
  oneHostOnFiles,
  sameTimezoneData,
  sameVersion,
  someoneSchedules,
  someoneWorks
} from './nodes.ts'
import { appsNamed, idsOwned, orphansKnown, removedStay, sameDefinitions, tasksOfOneApp } from './owners.ts'
import { holdersLive, seatsCanBeHeld, seatsTaken } from './seats.ts'
import { everyTaskKnown, nothingDecidedAhead, nothingOverdue } from './work.ts'

const checks: readonly Check[] = [
  someoneSchedules,
  noMoreScheduleThanMeant,
  someoneWorks,
  everyNodeRenews,
  nothingOverdue,
  nothingDecidedAhead,
  everyTaskKnown,
  sameDefinitions,
  idsOwned,
  appsNamed,
  tasksOfOneApp,
  orphansKnown,
  removedStay,
  seatsTaken,
  seatsCanBeHeld,
  holdersLive,
  oneHostOnFiles,
  commitsLast,
  clocksAgree,
  wakesPassPooler,
  wakesArrive,
  sameTimezoneData,
  sameVersion,
  apiGuarded,
  alertsAreSent,
  logsAreWritten,
  zoneIsMeant,
  overlapIsBounded
]

/** The deployment checklist: what is wrong with the facts, problems first. */
export function examine(facts: Facts): readonly Finding[] {
  const findings = checks.flatMap(check => check(facts))
  return [...findings.filter(isProblem), ...findings.filter(finding => !isProblem(finding))]
}

export const isProblem = ({ severity }: Finding): boolean => severity === 'problem'
