import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import { buildPackage } from './cli/packed.ts'
import { bareEnvironment, emptyFolder } from './cli/run-cli.ts'
import { removeFolder } from './remove-folder.ts'

/** The commands find the Node that runs this test. */
const PATH = [dirname(process.execPath), bareEnvironment['PATH']].join(delimiter)
const env = { ...bareEnvironment, PATH, PORT: '0', npm_config_fund: 'false', npm_config_audit: 'false' }

/** The three commands that the README begins with. */
function commandsOfReadme(): string[] {
  const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8')
  const start = readme.split('\n## Start\n')[1]?.split('\n## ')[0] ?? ''
  return [...start.matchAll(/^ {4}(.*)$/gm)].map(([, command = '']) => command)
}

async function pack(): Promise<string> {
  const built = await buildPackage()
  onTestFinished(() => removeFolder(built))
  const { stdout, stderr } = spawnSync('npm', ['pack', '--silent', '--pack-destination', built], {
    cwd: built,
    env,
    encoding: 'utf8'
  })
  expect(stderr).toBe('')
  return join(built, stdout.trim().split('\n').at(-1)!)
}

/** The processor time of a shell's commands, as its `times` prints it in the last line, in seconds. */
function processorSeconds(said: string): number {
  const last = said.trim().split('\n').at(-1) ?? ''
  const times = [...last.matchAll(/(\d+)m([\d.]+)s/g)]
  expect(times, said).toHaveLength(2)
  return times.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0)
}

test('the commands of the README lead from an empty folder to a running schedule within a minute', async () => {
  const tarball = await pack()
  const cwd = emptyFolder()
  const [install = '', init = '', start = '', ...more] = commandsOfReadme()
  expect([install, init, start, more]).toEqual(['npm install escapement', 'npx escapement init', 'npm start', []])
  const script = [
    // A signal to the group ends the app, and lets the shell say what it took.
    'trap : TERM',
    `${install.replace('escapement', tarball)} --prefer-offline && ${init} && ${start}`,
    'times'
  ]
  const shell = spawn('sh', ['-c', script.join('\n')], { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => void (shell.exitCode === null && process.kill(-shell.pid!, 'SIGKILL')))
  let said = ''
  shell.stdout.on('data', (data: Buffer) => (said += data.toString()))
  const lines: string[] = []
  for await (const line of createInterface({ input: shell.stderr })) {
    lines.push(line)
    if (line.includes('"scheduleId":"greet-often"') && line.includes('Hello, world')) break
  }
  shell.stderr.resume()
  expect(lines.at(-1), said + lines.join('\n')).toContain('Hello, world')
  process.kill(-shell.pid!, 'SIGTERM')
  await once(shell, 'exit')
  expect(processorSeconds(said)).toBeLessThan(60)
})
