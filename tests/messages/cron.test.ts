import { expect, test } from 'vitest'
import { cron } from '../../src/core/trigger/cron/cron.ts'

/** What people write instead of an expression that is taken here, and what the error says of it. */
const table: readonly (readonly [given: unknown, cure: string])[] = [
  // A zone in the text.
  ['CRON_TZ=Europe/Paris 0 9 * * *', 'cron("0 9 * * *") with its zone as an option: { timezone: "Europe/Paris" }'],
  ['TZ="Europe/Paris" 0 9 * * *', 'cron("0 9 * * *") with its zone as an option: { timezone: "Europe/Paris" }'],
  ['TZ=UTC+8 0 9 * * *', '{ timezone: "+08:00" }'],
  ['0 9 * * * Europe/Paris', 'cron("0 9 * * *") with its zone as an option: { timezone: "Europe/Paris" }'],
  ['0 0 9 * * * Europe/Paris', 'cron("0 0 9 * * *") with its zone as an option: { timezone: "Europe/Paris" }'],
  ['0 9 * * * UTC', '{ timezone: "UTC" }'],
  ['0 9 * * * EST', '{ timezone: "America/New_York" }'],
  ['0 9 * * * CEST', '{ timezone: "Europe/Berlin" }'],
  ['@daily Europe/Paris', 'cron("@daily") with its zone as an option: { timezone: "Europe/Paris" }'],
  // Macros.
  ['@every 5m', 'Write every("5m").'],
  ['@every 1h30m', 'Write every("1h30m").'],
  ['@every 5 minutes', 'Write every("5m").'],
  ['@every 90', 'every(90) in milliseconds, or every("90s")'],
  ['@every', 'every("5m")'],
  ['@once', 'Write at("2026-03-08T09:00:00Z")'.replace('Write', 'write')],
  ['@reboot', 'runAtStart'],
  ['@dayly', 'Did you mean "@daily"?'],
  ['@minutely', 'cron("* * * * *")'],
  ['@quarterly', 'cron("0 0 1 1,4,7,10 *")'],
  ['daily', 'cron("@daily")'],
  // Steps that go further than their field.
  ['*/90 * * * *', 'every("90m")'],
  ['*/90 * * * * *', 'every("90s")'],
  ['0/90 * * * *', 'every("90m")'],
  ['0-59/90 * * * *', 'every("90m")'],
  ['0 */36 * * *', 'every("36h")'],
  ['0 0 */45 * *', 'calendarInterval({ days: 45'],
  ['0 0 1 */18 *', 'calendarInterval({ months: 18'],
  ['0 0 * * */10', 'calendarInterval({ days: 10'],
  ['*/0 * * * *', 'A step is at least 1.'],
  // Jenkins, OpenBSD.
  ['H/15 * * * *', 'every("15m") with the option spread: "15m"'],
  ['H 2 * * *', 'cron("0 2 * * *") with the option spread: "1h"'],
  ['H H * * *', 'cron("0 0 * * *") with the option spread: "1d"'],
  ['H(0-29)/10 * * * *', 'every("10m") with the option spread: "10m"'],
  ['0~59 2 * * *', 'cron("0 2 * * *") with the option spread: "60m"'],
  ['~ 3 * * *', 'cron("0 3 * * *") with the option spread: "60m"'],
  // AWS.
  ['0 12 * * ? *', 'AWS has no seconds and the year last. Write cron("0 12 * * ?")'],
  ['0 18 ? * MON-FRI *', 'cron("0 18 ? * MON-FRI")'],
  ['15 10 * * ? 2026', 'cron("0 15 10 * * ? 2026")'],
  ['0 18 ? * 2-6 *', 'cron("0 0 18 ? * 2-6", { dialect: "quartz" })'],
  ['cron(0 10 * * ? *)', 'cron("0 10 * * ?")'],
  ['cron(0 9 * * 1)', 'cron("0 9 * * 1"), without'],
  ['rate(5 minutes)', 'every("5m")'],
  ['rate(1 day)', 'every("1d")'],
  ['at(2026-03-01T09:00:00)', 'at("2026-03-01T09:00:00Z")'],
  // Never.
  ['0 0 31 2 *', 'pause it: schedules.pause(id)'],
  ['0 0 30 2 ?', 'pause it: schedules.pause(id)'],
  ['0 0 31 4,6,9,11 *', 'pause it: schedules.pause(id)'],
  // What a crontab has behind it.
  ['0 9 * * * # every morning', 'cron("0 9 * * *"): a comment is no part of it'],
  ['0 9 * * *# every morning', 'cron("0 9 * * *"): a comment'],
  ['*/5 * * * * /usr/bin/php artisan', 'cron("*/5 * * * *"): what is behind it'],
  ['0 0 * * * root /usr/bin/x', 'cron("0 0 * * *"): what is behind it, a command or a user'],
  ['5 4 * * sun root', 'cron("5 4 * * sun"): what is behind it'],
  ['0 5 * * 1 tar -zcf /var/home.tgz /home/', 'cron("0 5 * * 1"): what is behind it'],
  ['* * * * * date +%s', 'cron("* * * * *"): what is behind it'],
  ['MAILTO=ops@example.com', 'A variable such as MAILTO is no part'],
  ['0 9 * * *\n0 18 * * *', 'anyOf(cron("0 9 * * *"), cron("0 18 * * *"))'],
  ['*/5 * * * * 2026', 'cron("0 */5 * * * * 2026"): six fields begin with seconds'],
  // Characters.
  ["'0 9 * * *'", 'cron("0 9 * * *"), without the quotes'],
  ['“0 9 * * *”', 'cron("0 9 * * *"), without the quotes'],
  ['`0 9 * * *`', 'cron("0 9 * * *"), without the quotes'],
  ['0 9 * * 1–5', 'cron("0 9 * * 1-5"): the character "–", U+2013'],
  ['0 9 * * *\u200b', 'cron("0 9 * * *"): the character that is not seen, U+200B'],
  ['＊ * * * *', 'cron("* * * * *")'],
  [String.raw`*/5 \* * * *`, 'cron("*/5 * * * *")'],
  ['1, 15 * * * *', 'cron("1,15 * * * *")'],
  // Names.
  ['0 9 * * monday', 'cron("0 9 * * mon")'],
  ['0 9 * * Monday-Friday', 'cron("0 9 * * mon-fri")'],
  ['0 9 * * lundi', 'cron("0 9 * * mon")'],
  ['0 9 * * mo-fr', 'cron("0 9 * * mon-fri")'],
  ['0 9 * * mon..fri', 'cron("0 9 * * mon-fri")'],
  ['0 9 1 January *', 'cron("0 9 1 jan *")'],
  ['0 9 1 märz *', 'cron("0 9 1 mar *")'],
  ['0 9 * * 8', 'Sunday is 0 or 7.'],
  // Special days.
  ['0 0 L-3W * *', '"LW" is the last weekday'],
  ['0 0 3LW * *', '"LW" is the last weekday'],
  ['0 24 * * *', 'Midnight is hour 0.'],
  ['60 * * * *', 'A minute goes from 0 to 59.'],
  ['09:30 * * *', 'cron("30 9 * * *")'],
  ['? 9 * * *', 'cron("* 9 * * *")'],
  // Other notations.
  ['RRULE:FREQ=DAILY;INTERVAL=2', 'calendarInterval({ days: 2'],
  ['FREQ=MINUTELY;INTERVAL=15', 'every("15m")'],
  ['Mon..Fri *-*-* 09:00:00', 'cron("0 9 * * mon-fri")'],
  ['*-*-* 04:00', 'cron("0 4 * * *")'],
  ['*-*-01 04:00:00 UTC', 'cron("0 4 1 * *", { timezone: "UTC" })'],
  ['PT5M', 'every("5m")'],
  ['R/PT5M', 'every("5m")'],
  ['P1D', 'every("1d")'],
  ['5 min', 'every("5m")'],
  ['every 5 minutes', 'every("5m")'],
  ['every minute', 'every("1m")'],
  ['every day at 9:30', 'cron("30 9 * * *")'],
  ['5m', 'every("5m")'],
  ['300', 'every(300) in milliseconds, or every("300s")'],
  ['2026-03-08T09:00:00Z', 'Write at(…)'],
  ['* * * * * * * *', 'six fields begin with seconds, and a year is the last of seven'],
  ['', 'It is empty.'],
  [300_000, 'every(300000)'],
  [['0 9 * * *', '0 18 * * *'], 'anyOf('],
  [new Date(0), 'Write at(…)']
]

test.each(table)('cron(%j) names its cure', (given, cure) => {
  expect(() => cron(given as string)).toThrow(
    expect.objectContaining({ code: expect.stringMatching(/^cron-/), message: expect.stringContaining(cure) })
  )
})

test.each([Symbol('s'), 5n, null, undefined, Object.create(null), () => 'x'])('cron(%s) is an error of ours', given => {
  expect(() => cron(given as never)).toThrow(expect.objectContaining({ code: 'cron-invalid' }))
})

test('what is taken is no matter of cures: blanks that do not break, a year, wrapped ranges', () => {
  for (const expression of [
    '0\u00a09 * * *',
    ' 0 9 * * * ',
    '0 0 9 * * ? 2030',
    '0-59/7 * * * *',
    '0 22-2 * * fri-mon',
    '@Weekly'
  ])
    expect(cron(expression).next(0)).toBeTypeOf('number')
})

test.each([
  ['0 0 9 ? * 2-6', {}, 'here 1 is Monday (0 and 7 are Sunday)'],
  ['0 0 9 ? * 6L', {}, 'dialect: "quartz"'],
  ['*/5 * * * * *', {}, 'is seconds: it fires every 5 seconds. Write "*/5 * * * *"'],
  ['0 9 * * *', { timezone: 'EST' }, 'has no summer time. Write "America/New_York"'],
  ['0 9 * * *', { timezone: 'Etc/GMT-8' }, '8 hours ahead of UTC']
])('%s with %j is doubted', (expression, options, doubt) => {
  expect(cron(expression, options).doubts).toEqual([expect.stringContaining(doubt)])
})

test.each([
  ['0 0 9 ? * mon-fri', {}],
  ['0 0 9 ? * 2-6', { dialect: 'unix' }],
  ['0 0 9 ? * 2-6', { dialect: 'quartz' }],
  ['*/5 * * * * *', { dialect: 'unix' }],
  ['0 */5 * * * *', {}],
  ['0 9 * * 1-5', { timezone: '+08:00' }]
] as const)('%s with %j is not', (expression, options) => {
  expect(cron(expression, options).doubts).toEqual([])
})
