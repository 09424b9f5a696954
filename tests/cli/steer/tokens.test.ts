import { expect, test } from 'vitest'
import { openSqliteStore } from '../../../src/sqlite.ts'
import { systemClock } from '../../../src/clock/system.ts'
import { newId } from '../../../src/new-id.ts'
import { Tokens } from '../../../src/operations/access/tokens.ts'
import { runCli, runJson } from '../run-cli.ts'
import { writeBooks } from '../written-books.ts'

interface Made {
  readonly id: string
  readonly token: string
  readonly expiresAt: string | null
}
interface Listed {
  readonly tokens: readonly { readonly id: string; readonly name: string; readonly state: string }[]
}

test('tokens are made, listed and revoked, and the audit has who did it', async () => {
  const { url, file } = await writeBooks()
  const [books, env] = [['--database', url], { USER: 'anna' }]
  const create = ['tokens', 'create', '--name', 'deploy', '--role', 'operator']
  const { answer: made } = await runJson<Made>([...create, '--expires-in', '90d', ...books], { env })
  expect(Date.parse(made.expiresAt!) - Date.now()).toBeGreaterThan(89 * 86_400_000)
  const plain = await runCli([...create, ...books], { env })
  expect(plain.stdout).toMatch(/^esc_\S+\n$/)
  expect(plain.stderr).toContain('shown only now')

  const store = await openSqliteStore({ file, clock: systemClock })
  const tokens = new Tokens({ store, clock: systemClock, newId })
  expect(await tokens.check(made.token)).toMatchObject({ id: made.id, role: 'operator' })
  expect(await tokens.check(plain.stdout.trim())).toMatchObject({ name: 'deploy', expiresAt: undefined })
  await tokens.idle()
  const revoked = await runCli(['tokens', 'revoke', made.id, '--reason', 'it was in a log', ...books], { env })
  expect(revoked).toMatchObject({ status: 0, stdout: 'The token is revoked.\n' })
  expect(await tokens.check(made.token)).toBeUndefined()
  await store.close()

  const { stdout } = await runCli(['tokens', 'list', '--json', ...books])
  const listed = (JSON.parse(stdout) as Listed).tokens
  expect(listed.map(({ state }) => state)).toEqual(['valid', 'revoked'])
  expect(stdout).not.toMatch(/[0-9a-f]{64}|esc_/)
  expect((await runCli(['tokens', 'list', ...books])).stdout).toContain('revoked')
  const audit = await runCli(['audit', 'list', '--kind', 'token', ...books])
  expect(audit.stdout.match(/token\.create/g)).toHaveLength(2)
  expect(audit.stdout).toMatch(/anna@\S+ +cli +token\.revoke .*it was in a log/)

  expect(await runCli(['tokens', 'revoke', 'nothing', ...books])).toMatchObject({ status: 1 })
  for (const wrong of [
    ['create', '--name', 'deploy'],
    ['create', '--name', 'deploy', '--role', 'root'],
    ['create', '--name', 'a\nb', '--role', 'viewer'],
    ['create', '--name', 'deploy', '--role', 'viewer', '--expires-at', '2020-01-01T00:00:00Z'],
    ['create', '--name', 'deploy', '--role', 'viewer', '--expires-in', '1d', '--expires-at', 'now']
  ])
    expect(await runCli(['tokens', ...wrong, ...books])).toMatchObject({ status: 2, stdout: '' })
})
