import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect } from 'vitest'
import { buildPackage } from '../cli/packed.ts'
import { CommandProcess } from '../e2e/lines-process.ts'
import { blocksOf } from '../guides/blocks.ts'
import { removeFolder } from '../remove-folder.ts'

const fixtures = join(import.meta.dirname, 'fixtures')

/** How `npm` is called: without what this repository asks of its own installs. */
const npmEnvironment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(npm_(lifecycle|package)|NODE_OPTIONS$|VITEST)/.test(name))
)

/** A project of an app, with the packages of a fixture's lock and this package from its tarball. */
export class Project {
  readonly folder: string

  private constructor(folder: string) {
    this.folder = folder
  }

  /** @throws when a package can't be had: without a registry nothing is tested. */
  static async install(fixture: string): Promise<Project> {
    const project = new Project(mkdtempSync(join(tmpdir(), `escapement-${fixture}-`)))
    const tarball = await pack(project.folder)
    cpSync(join(fixtures, fixture), project.folder, { recursive: true })
    const manifest = JSON.parse(project.read('package.json')) as { dependencies?: object }
    const dependencies = { ...manifest.dependencies, escapement: `file:./${tarball}` }
    project.write('package.json', JSON.stringify({ ...manifest, dependencies }))
    project.run('npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error')
    return project
  }

  /** Runs a command to its end, which has to be a good one, and returns what it wrote. */
  run(command: string, ...args: readonly string[]): string {
    const { status, stdout, stderr, error } = this.attempt(command, args)
    expect(error).toBeUndefined()
    expect(status, `${command} ${args.join(' ')}\n${stdout}\n${stderr}`).toBe(0)
    return stdout + stderr
  }

  attempt(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    return spawnSync(command, args, { cwd: this.folder, encoding: 'utf8', env: { ...npmEnvironment, ...env } })
  }

  /** The script that a package brings for the command line. */
  script(name: string): string {
    return join(this.folder, 'node_modules', name)
  }

  read(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8')
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(join(this.folder, name)), { recursive: true })
    writeFileSync(join(this.folder, name), text)
  }

  /** Writes blocks of the guide, whose schedule fires each second here. */
  writeBlocks(...names: readonly string[]): void {
    const blocks = blocksOf('frameworks.md')
    for (const name of names) {
      const block = blocks.find(each => each.name === name)
      if (block === undefined) throw new Error(`The guide has no block named ${name}.`)
      this.write(name, block.text.replaceAll(`every('1m')`, `every('1s')`))
    }
  }

  /** Removes the books, for the next app. */
  removeBooks(): void {
    for (const file of readdirSync(this.folder)) if (file.startsWith('app.db')) rmSync(join(this.folder, file))
  }

  start(command: string, args: readonly string[], env: Readonly<Record<string, string>>): CommandProcess {
    return new CommandProcess(command, args, { cwd: this.folder, env })
  }

  remove(): void {
    removeFolder(this.folder)
  }
}

/** Packs what the sources say now, and returns the name of the tarball in the folder. */
async function pack(folder: string): Promise<string> {
  const packed = await buildPackage()
  try {
    const args = ['pack', '--ignore-scripts', '--pack-destination', folder, '--loglevel=error']
    const { status, stderr } = spawnSync('npm', args, { cwd: packed, encoding: 'utf8', env: npmEnvironment })
    expect(status, stderr).toBe(0)
  } finally {
    removeFolder(packed)
  }
  return readdirSync(folder).find(name => name.endsWith('.tgz')) as string
}
