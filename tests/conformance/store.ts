import { testAccess } from './access.ts'
import { testAudit } from './audit.ts'
import { testAlertSights } from './alert-sights.ts'
import { testAlerts } from './alerts.ts'
import { testChange } from './change.ts'
import { testClaimOrder } from './claim-order.ts'
import { testClaimsOfSoloJobs } from './claim-solo-jobs.ts'
import { testClaims } from './claims.ts'
import { testConnections } from './connections.ts'
import { testCounts } from './counts.ts'
import { testDue } from './due.ts'
import { testEnds } from './ends.ts'
import { testEnqueue } from './enqueue.ts'
import { testFaults } from './faults.ts'
import { testFencing } from './fencing.ts'
import type { StoreHarness } from './harness.ts'
import { testHasten } from './hasten.ts'
import { testHealth } from './health.ts'
import { testMoving } from './moving.ts'
import { testNodes } from './nodes.ts'
import { testOwners } from './owners.ts'
import { testPrune } from './prune.ts'
import { testFinding } from './finding.ts'
import { testReading } from './reading.ts'
import { testRescue } from './rescue.ts'
import { testSchedules } from './schedules.ts'
import { testSeats } from './seats.ts'
import { testSettle } from './settle.ts'
import { testSnooze } from './snooze.ts'
import { testSteering } from './steering.ts'
import { describeStore } from './suite.ts'
import { testTally } from './tally.ts'
import { testTransactions } from './transactions.ts'
import { testUndecide } from './undecide.ts'
import { testUnique } from './unique.ts'
import { testZoneData } from './zone-data.ts'

/** Every promise of the store port, tried on one store. A test file of a store is little more than a call of this. */
export function testStore(harness: StoreHarness): void {
  describeStore(harness, [
    testSchedules,
    testUndecide,
    testCounts,
    testTally,
    testHealth,
    testHasten,
    testDue,
    testOwners,
    testEnqueue,
    testUnique,
    testClaims,
    testClaimOrder,
    testClaimsOfSoloJobs,
    testSettle,
    testSnooze,
    testFencing,
    testFaults,
    testTransactions,
    testRescue,
    testNodes,
    testSeats,
    testSteering,
    testChange,
    testAudit,
    testAccess,
    testReading,
    testFinding,
    testEnds,
    testPrune,
    testMoving,
    testConnections,
    testZoneData,
    testAlerts,
    testAlertSights
  ])
}
