import { execute } from '../server.ts'

const QUERY = (schema: string, table: string): string => `
SELECT attname AS name, attidentity <> '' AS "isIdentity" FROM pg_attribute
WHERE attrelid = '${schema}.${table}'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`

interface Column {
  readonly name: string
  readonly isIdentity: boolean
}

/** The rows of books as statements that bring them back, into the schema `{schema}`. */
export async function dumpRows(schema: string): Promise<string> {
  const tables = await execute(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = '${schema}' AND tablename NOT IN ('migration', 'routine') ORDER BY 1`
  )
  const dumped: string[] = ['DELETE FROM {schema}.store;']
  for (const { name } of tables) dumped.push(...(await dumpTable(schema, String(name))))
  const [fence] = await execute(`SELECT last_value FROM ${schema}.fence`)
  return [...dumped, `SELECT setval('{schema}.fence', ${String(fence!['last_value'])});`].join('\n')
}

async function dumpTable(schema: string, table: string): Promise<string[]> {
  const columns = (await execute(QUERY(schema, table))) as unknown as readonly Column[]
  const names = columns.map(({ name }) => name).join(', ')
  const literals = columns.map(() => '%L').join(', ')
  const rows = await execute(`SELECT format('(${literals})', ${names}) AS row FROM ${schema}.${table}`)
  if (rows.length === 0) return []
  const values = rows.map(({ row }) => `  ${String(row)}`).join(',\n')
  const identity = columns.find(({ isIdentity }) => isIdentity)?.name
  if (identity === undefined) return [`INSERT INTO {schema}.${table} (${names}) VALUES\n${values};`]
  return [
    `INSERT INTO {schema}.${table} (${names}) OVERRIDING SYSTEM VALUE VALUES\n${values};`,
    `SELECT setval(pg_get_serial_sequence('{schema}.${table}', '${identity}'), (SELECT max(${identity}) FROM {schema}.${table}));`
  ]
}
