import { openDriver } from '../../../src/stores/sqlite/connection/driver.ts'

/** What must never be found in the books, whatever was done to them: the tables say of each job where it stands, once and the same. */
const contradictions = {
  'an available job stands in one place': `
    SELECT id FROM job WHERE state = 1 AND
      (SELECT count(*) FROM ready WHERE ready.id = job.id) + (SELECT count(*) FROM solo WHERE solo.id = job.id)
      + (SELECT count(*) FROM running WHERE running.id = job.id) <> 1`,
  'a job that waits for its time stands in none': `
    SELECT job.id FROM job WHERE state <> 1 AND id IN
      (SELECT id FROM ready UNION ALL SELECT id FROM solo UNION ALL SELECT id FROM running)`,
  'what stands somewhere is a job': `
    SELECT id FROM (SELECT id FROM ready UNION ALL SELECT id FROM solo UNION ALL SELECT id FROM running) WHERE id NOT IN (SELECT id FROM job)`,
  'a ready job stands under its own key': `
    SELECT ready.id FROM ready JOIN job USING (id)
    WHERE (ready.task, ready.queue, ready.priority, ready.run_at) <> (job.task, job.queue, job.priority, job.run_at) OR rescues > 0`,
  'a solo job stands under its own key': `
    SELECT solo.id FROM solo JOIN job USING (id)
    WHERE (solo.task, solo.queue, solo.priority, solo.run_at) <> (job.task, job.queue, job.priority, job.run_at) OR rescues = 0`,
  'a lane begins with the first of its ready jobs, and there is none without': `
    SELECT task, queue FROM (
      SELECT task, queue, priority, run_at, id FROM lane
      UNION ALL SELECT task, queue, priority, run_at, id FROM (
        SELECT *, row_number() OVER (PARTITION BY task, queue, priority ORDER BY run_at, id) AS number FROM ready) WHERE number = 1)
    GROUP BY task, queue, priority, run_at, id HAVING count(*) <> 2`,
  'no job is both finished and not': 'SELECT id FROM finished WHERE id IN (SELECT id FROM job)',
  'a plain attempt leaves nothing to be kept': `
    SELECT job.id FROM running JOIN job USING (id) WHERE (is_plain = 1) <> (keep_ms <= 0 AND schedule_id IS NULL AND NOT EXISTS (SELECT 1 FROM step WHERE job_id = job.id))`,
  'steps are those of a job': `
    SELECT job_id FROM step WHERE job_id NOT IN (SELECT id FROM job UNION ALL SELECT id FROM finished)`,
  'a fence is held once, and was given out': `
    SELECT fence FROM running GROUP BY fence HAVING count(*) > 1 OR fence > (SELECT last_fence FROM store)`,
  'only completed jobs have an end to their keeping':
    'SELECT id FROM finished WHERE (state = 4) <> (drop_at IS NOT NULL)',
  'the file is sound': "SELECT * FROM pragma_integrity_check WHERE integrity_check <> 'ok'"
}

const tables = ['store', 'job', 'ready', 'lane', 'solo', 'running', 'finished', 'step']

/** Throws if the books of a file contradict themselves. */
export function assertConsistent(file: string): void {
  const database = openDriver(file)
  try {
    for (const table of tables) database.exec(`CREATE TEMP VIEW ${table} AS SELECT * FROM escapement_${table}`)
    for (const [rule, sql] of Object.entries(contradictions)) {
      const rows = database.prepare(sql).all()
      if (rows.length > 0) throw new Error(`Broken in ${file}: ${rule}. ${JSON.stringify(rows.slice(0, 5))}`)
    }
  } finally {
    database.close()
  }
}
