import { isText } from '../../../core/options/forms.ts'
import type { ScheduleHealth } from '../../../core/counts/health.ts'
import { scheduleCursor } from '../../../store/pages/cursors.ts'
import type { Page, PageRequest } from '../../../store/pages/page.ts'
import { HEALTH_COLUMNS, type HealthRow, healthOf } from '../../sql/health-rows.ts'
import { pageOf } from '../../sql/page.ts'
import type { Books, Statement } from '../sql.ts'

const READ: Statement = { text: `SELECT ${HEALTH_COLUMNS} FROM {books}.health WHERE schedule_id = ANY ($1)` }
const FAILING: Statement = {
  text: `
SELECT ${HEALTH_COLUMNS} FROM {books}.health WHERE failures > 0 AND schedule_id > $1
  AND EXISTS (SELECT FROM {books}.schedule WHERE id = schedule_id AND phase <> 'removed')
ORDER BY schedule_id LIMIT $2`
}

export const readHealth = async ({ database }: Books, ids: readonly string[]): Promise<ScheduleHealth[]> =>
  (await database.query<HealthRow>(READ, [ids.filter(isText)])).map(healthOf)

export async function listFailing({ database }: Books, { limit, cursor }: PageRequest): Promise<Page<ScheduleHealth>> {
  const rows = await database.query<HealthRow>(FAILING, [scheduleCursor(cursor) ?? '', limit + 1])
  return pageOf(rows.map(healthOf), limit, ({ scheduleId }) => scheduleId)
}
