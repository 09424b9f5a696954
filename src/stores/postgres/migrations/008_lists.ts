/** For lists that show a part of the schedules, and of the ledger. No decision that fires writes to any of these. */
export const lists = `
-- Schedules that will not fire by themselves, and schedules that no code names.
CREATE INDEX schedule_resting ON schedule (id, phase) WHERE next_fire_at IS NULL;
CREATE INDEX schedule_orphaned ON schedule (id) WHERE orphaned_at IS NOT NULL OR phase_by = 'orphans';

-- What did not fire, in an order in which many rows of one decision have their places too.
DROP INDEX ledger_unfired;
CREATE INDEX ledger_unfired ON ledger (decided_at, schedule_id, fire_at) WHERE outcome <> 'fired';
`
