#!/usr/bin/env node
import { nodeProblem } from '../node-version.ts'

// Imports nothing else first: an older Node could not link it, and would print a message of its own.
const problem = nodeProblem(process.versions.node)
if (problem === undefined) await (await import('./run.ts')).run()
else {
  process.stderr.write(`error: ${problem}\n`)
  process.exitCode = 2
}
