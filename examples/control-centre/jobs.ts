import { Centre } from './centre.ts'

/** A recurring job of the centre: a function of its own, called directly, with a limit of its own. */
export interface CentreJob {
  readonly name: string
  /** In São Paulo. */
  readonly cron: string
  /** How long it may take. */
  readonly limit: string
  /** What it finds. */
  readonly find: (centre: Centre) => number
}

const slaOf = (warehouse: string): string =>
  `SELECT round(100.0 * sum(hours <= promised) / count(*), 2) FROM delivery WHERE warehouse = '${warehouse}'`

/** The twelve jobs, in the order of the page. */
export const jobs: readonly CentreJob[] = [
  { name: 'embu_sla', cron: '*/15 * * * *', limit: '300s', find: centre => centre.ask(slaOf('embu')) },
  { name: 'extrema_sla', cron: '5-59/15 * * * *', limit: '300s', find: centre => centre.ask(slaOf('extrema')) },
  {
    name: 'bonus_calc',
    cron: '0 6 * * 1-5',
    limit: '180s',
    find: centre => centre.ask('SELECT round(sum(0.5 * (hours <= promised)), 2) FROM delivery')
  },
  {
    name: 'store_status',
    cron: '* * * * *',
    limit: '60s',
    find: centre => centre.ask('SELECT count(*) FROM store WHERE is_open')
  },
  {
    name: 'stock_alerts',
    cron: '*/10 * * * *',
    limit: '60s',
    find: centre => centre.ask('SELECT count(*) FROM store WHERE stock < 50')
  },
  {
    name: 'late_deliveries',
    cron: '*/5 * * * *',
    limit: '60s',
    find: centre => centre.ask('SELECT count(*) FROM delivery WHERE hours > promised')
  },
  {
    name: 'carrier_scores',
    cron: '20 * * * *',
    limit: '120s',
    find: centre => centre.ask('SELECT max(mean) FROM (SELECT avg(hours) AS mean FROM delivery GROUP BY carrier)')
  },
  {
    name: 'freight_costs',
    cron: '40 * * * *',
    limit: '120s',
    find: centre => centre.ask('SELECT round(sum(cost), 2) FROM delivery')
  },
  {
    name: 'returns_summary',
    cron: '30 7 * * *',
    limit: '120s',
    find: centre => centre.ask('SELECT count(*) FROM delivery WHERE is_returned')
  },
  {
    name: 'open_orders',
    cron: '*/30 * * * *',
    limit: '60s',
    find: centre => centre.ask('SELECT count(*) FROM delivery WHERE hours > 24')
  },
  {
    name: 'daily_report',
    cron: '0 20 * * *',
    limit: '180s',
    find: centre => centre.ask('SELECT count(*) FROM delivery')
  },
  { name: 'tidy_figures', cron: '15 3 * * *', limit: '60s', find: centre => centre.tidy(1_000) }
]
