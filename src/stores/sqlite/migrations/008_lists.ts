/** For lists that show a part of the schedules. None of these is written by a decision about an active schedule. */
export const lists = `
-- Schedules that will not fire by themselves, schedules that no code names, and the ids of all: those are written when a schedule comes or goes.
CREATE INDEX escapement_schedule_resting ON escapement_schedule (id, phase) WHERE next_fire_at IS NULL;
CREATE INDEX escapement_schedule_orphaned ON escapement_schedule (id) WHERE orphaned_at IS NOT NULL OR phase_by = 'orphans';
CREATE INDEX escapement_schedule_id ON escapement_schedule (id);
`
