import { defineConfig, every, schedule, task } from 'escapement'
import * as v from 'valibot'
import { hashCustomers } from './customers.ts'
import { sendMail } from './mail.ts'
import { settings } from './settings.ts'

/** One report for each period; sent again after a crash it has the same Message-ID. */
const report = task('report', {
  retry: ['1s', '5s', '30s'],
  handler: async ({ fireAt }) => {
    const period = fireAt!.toISOString()
    await sendMail(
      `Bookings until ${period}`,
      `The bookings of the period that ended at ${period}.`,
      `report-${period}`
    )
  }
})

const alert = task('alert', {
  schema: v.object({ about: v.string(), text: v.string(), id: v.string() }),
  handler: ({ payload: { about, text, id } }) => sendMail(`Alert: ${about}`, text, `alert-${id}`)
})

export default defineConfig({
  name: 'hotel-partner',
  topology: 'primary',
  web: './web.ts',
  tasks: [alert],
  // Reports of different periods have nothing to do with one another: none holds up the next, and none stands for another.
  schedules: [
    schedule('report', {
      task: report,
      trigger: every(settings.reportEvery),
      overlap: 'allow',
      coalesce: 'all'
    })
  ],
  lease: { ttl: settings.leaseTtl },
  setup(escapement) {
    // Who is elected says primary=true; that line is Escapement's own.
    console.log(`pid=${process.pid} primary=false`)
    escapement.onPrimary({
      onElected: async () => {
        const hashed = await hashCustomers(() => escapement.isPrimary())
        if (hashed > 0) console.log(`pid=${process.pid} hashed ${hashed} customers`)
      }
    })
    // The alert handler of every process: what fails for good in any of them is mailed.
    escapement.on('job.discarded', ({ task, jobId, error }) => {
      if (task !== 'alert') void escapement.enqueue(alert, { about: task, text: String(error), id: jobId })
    })
  }
})
