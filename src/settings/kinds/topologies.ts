/**
 * How the work is spread over processes. `single`: one does everything. `everywhere`: each web process schedules and
 * works. `primary`: each web process works, an elected one schedules. `dedicated`: web processes only serve, one
 * scheduler process does the rest. `fleet`: web, scheduler and worker processes of many hosts.
 */
export const topologies = ['single', 'everywhere', 'primary', 'dedicated', 'fleet'] as const
/** How `escapement start` spreads the work over processes; `docs/guides/topologies.md` says which is which. */
export type Topology = (typeof topologies)[number]
