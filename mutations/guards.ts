import type { Guard } from './guard.ts'
import { countingGuards } from './guards/counting.ts'
import { accessGuards } from './guards/access.ts'
import { alertingGuards } from './guards/alerting.ts'
import { decidingGuards } from './guards/deciding.ts'
import { launchingGuards } from './guards/launching.ts'
import { memoryGuards } from './guards/memory.ts'
import { mountingGuards } from './guards/mounting.ts'
import { operatingGuards } from './guards/operating.ts'
import { postgresGuards } from './guards/postgres.ts'
import { ruleGuards } from './guards/rules.ts'
import { runTimeScheduleGuards } from './guards/run-time-schedules.ts'
import { runningGuards } from './guards/running.ts'
import { sealingGuards } from './guards/sealing.ts'
import { sqliteGuards } from './guards/sqlite.ts'
import { sufferingGuards } from './guards/suffering.ts'
import { triggerGuards } from './guards/triggers.ts'
import { upgradeGuards } from './guards/upgrades.ts'
import { workingGuards } from './guards/working.ts'

/** Every guard that the mutation runner knows. */
export const guards: readonly Guard[] = [
  ...decidingGuards,
  ...triggerGuards,
  ...ruleGuards,
  ...memoryGuards,
  ...sqliteGuards,
  ...postgresGuards,
  ...workingGuards,
  ...runningGuards,
  ...runTimeScheduleGuards,
  ...sufferingGuards,
  ...upgradeGuards,
  ...launchingGuards,
  ...mountingGuards,
  ...operatingGuards,
  ...sealingGuards,
  ...countingGuards,
  ...accessGuards,
  ...alertingGuards
]
