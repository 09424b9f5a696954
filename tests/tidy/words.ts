import { homedir } from 'node:os'
import { root, type Source } from './sources.ts'

/** Words of work that is not done, or not done well. This file alone may hold them. */
export const bannedWords = ['TODO', 'FIXME', 'XXX', 'hack', 'stub', 'placeholder', 'for now']

/** Names of files' rooms that say nothing of what is in them. */
export const bannedFolders = ['utils', 'helpers', 'common', 'types']

const banned = new RegExp(`\\b(${bannedWords.join('|')})(s|ed)?\\b`, 'i')
const registry = /\bregistry\.[a-z0-9-]+\.[a-z]{2,}\b|\/\/[a-z0-9.:-]+\/:_|"resolved": "http/i

export function linesMatching(sources: readonly Source[], pattern: RegExp): string[] {
  return sources.flatMap(({ path, text }) =>
    text
      .split('\n')
      .flatMap((line, at) => (pattern.test(line) ? [`${path}:${at + 1}: ${line.trim().slice(0, 100)}`] : []))
  )
}

export const bannedWordsIn = (sources: readonly Source[]): string[] => linesMatching(sources, banned)

export const registriesIn = (sources: readonly Source[]): string[] => linesMatching(sources, registry)

/** Paths that mean something on one machine only: this checkout's own, this user's folder, and anybody's. */
export function machinePathsIn(sources: readonly Source[], here: readonly string[] = [root, homedir()]): string[] {
  // A path of one part, such as the "/app" of a container, is a likely word in a document.
  const own = here.filter(path => path.split('/').length > 2).map(path => `${path.replaceAll(/\W/g, '\\$&')}\\b`)
  const anybodys = ['/(?:home|Users)/[a-z]\\w*/', '/root/']
  return linesMatching(sources, new RegExp(`(?<![\\w.-])(${[...own, ...anybodys].join('|')})`))
}

/** What follows `test` or `describe` where a test is left out, leaves out the others, or is let fail. */
export const leavingOut = ['only', 'skip', 'todo', 'fails']

/** Tests that are left out, or that leave the others out. */
export function leftOutTestsIn(sources: readonly Source[]): string[] {
  return linesMatching(
    sources,
    /\b(test|it|describe|suite)(\.\w+|\.each\(.*\))*\.(only|skip|todo|fails)\b|\b[xf](it|describe)\(/
  )
}
