#!/usr/bin/env node
import { nodeProblem } from '../node-version.ts'

// Nothing else is imported before: an older Node could not even link it, and would say so in its own words.
const problem = nodeProblem(process.versions.node)
if (problem === undefined) await (await import('./run.ts')).run()
else {
  process.stderr.write(`error: ${problem}\n`)
  process.exitCode = 2
}
