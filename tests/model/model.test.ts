import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { modelRuns } from '../../model/runs.ts'
import { explore, isAsExpected, promelaFiles, propertyOf } from '../../model/spin.ts'
import { ensurePrograms } from '../../scripts/apt.ts'

const { missing } = ensurePrograms([
  { command: 'spin', package: 'spin' },
  { command: 'gcc', package: 'gcc libc6-dev' }
])
const folder = join(import.meta.dirname, '../../model')
const sources = (await promelaFiles()).map(name => ({ name, text: readFileSync(join(folder, name), 'utf8') }))
const lines = sources.flatMap(({ name, text }) =>
  text.split('\n').map((line, at) => ({ line, where: `${name}:${at + 1}` }))
)

// A parameter has a default of its own (`#ifndef T` and `#define T 3`); every other macro that is asked for changes the rules.
function rulesThatCanBeTakenOut(): string[] {
  const text = sources.map(source => source.text).join('\n')
  const parameters = new Set([...text.matchAll(/#ifndef (\w+)\n#define \1 /g)].map(match => match[1]))
  const asked = [...text.matchAll(/#ifn?def (\w+)|\bdefined\((\w+)\)/g)].map(match => match[1] ?? match[2] ?? '')
  return [...new Set(asked)].filter(macro => !parameters.has(macro)).sort()
}

describe('the list of runs', () => {
  const flags = new Set(modelRuns.flatMap(run => run.flags))

  it('names every run differently', () => {
    expect(new Set(modelRuns.map(run => run.name)).size).toBe(modelRuns.length)
  })

  it.each(rulesThatCanBeTakenOut())('takes %s out, or asks for it, in some run', macro => {
    expect(flags).toContain(`-D${macro}`)
  })

  it.each([...flags])('gives %s to a model that reads it', flag => {
    const macro = flag.slice(2).split('=')[0] ?? ''
    expect(sources.filter(({ text }) => new RegExp(`\\b${macro}\\b`).test(text))).not.toEqual([])
  })

  it('expects each property to break in some run, but for those that no single rule guards', () => {
    const properties = new Set(lines.map(({ line }) => propertyOf(line)).filter(label => label !== undefined))
    const broken = new Set(modelRuns.map(run => run.expected))
    expect([...properties].filter(label => !broken.has(label)).sort()).toEqual([
      'BOUND',
      'CANCELLED-STAYS',
      'CHARGED',
      'HEARD',
      'NONE-LEFT',
      'ONE-END'
    ])
  })
})

describe('the models', () => {
  it('label every assertion with its property', () => {
    const unlabelled = lines.filter(({ line }) => /^[^*]*\bassert\(/.test(line) && propertyOf(line) === undefined)
    expect(unlabelled.map(({ where }) => where)).toEqual([])
  })
})

describe('a verdict', () => {
  const rulesIn = modelRuns.find(run => run.expected === 'holds')!
  const ruleOut = modelRuns.find(run => run.expected !== 'holds')!

  it('is refused when a rule is taken out and nothing breaks', () => {
    expect(isAsExpected(ruleOut, { verdict: 'holds', states: ruleOut.states })).toBe(false)
  })

  it('is refused when another property breaks than the one that the rule guards', () => {
    expect(isAsExpected(ruleOut, { verdict: 'unlabelled', states: ruleOut.states })).toBe(false)
  })

  it('is refused when all holds in a space that has shrunk', () => {
    expect(isAsExpected(rulesIn, { verdict: 'holds', states: rulesIn.states })).toBe(true)
    expect(isAsExpected(rulesIn, { verdict: 'holds', states: Math.floor(rulesIn.states / 3) })).toBe(false)
  })
})

describe('the programs that the models need', () => {
  // Elsewhere standard error names what to install, and the runs are left out of the report.
  it('are there, on a machine that has to have them', () => {
    expect(process.env['CI'] ? missing : []).toEqual([])
  })
})

describe.runIf(missing.length === 0)('the quick runs', { concurrent: true }, () => {
  it.each(modelRuns.filter(run => run.quick))('$name: $expected', { timeout: 300_000 }, async run => {
    const finding = await explore(run)
    expect(finding).toMatchObject({ verdict: run.expected })
    expect(isAsExpected(run, finding)).toBe(true)
  })
})
