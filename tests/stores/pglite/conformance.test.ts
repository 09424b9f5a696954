import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import type { Clock } from '../../../src/clock/clock.ts'
import type { Store } from '../../../src/store/store.ts'
import { type Holding, holdDatabase } from '../../../src/stores/pglite/shared.ts'
import { openPgliteStore } from '../../../src/stores/pglite/store.ts'
import type { StoreHarness } from '../../conformance/harness.ts'
import { testStore } from '../../conformance/store.ts'
import { removeFolder } from '../../remove-folder.ts'

/** One database for all tests, emptied before each: to make books in it takes a second. */
const folder = mkdtempSync(join(tmpdir(), 'escapement-pglite-'))
let holding: Promise<Holding> | undefined
afterAll(async () => {
  await (await holding)?.release()
  removeFolder(folder)
})

const EMPTYING = `
DO $$
DECLARE
  each text;
BEGIN
  FOR each IN SELECT tablename FROM pg_tables WHERE schemaname = 'escapement' AND tablename NOT IN ('migration', 'routine', 'store') LOOP
    EXECUTE format('DELETE FROM escapement.%I', each);
  END LOOP;
  IF EXISTS (SELECT FROM pg_namespace WHERE nspname = 'escapement') THEN
    UPDATE escapement.store SET id = gen_random_uuid(), ledger_pruned_until = NULL, import_of = NULL, import_parts = NULL;
    ALTER SEQUENCE escapement.fence RESTART;
  END IF;
END
$$`

function pgliteHarness(): StoreHarness {
  const opened: Store[] = []
  const open = async (clock: Clock): Promise<Store> => {
    const store = await openPgliteStore({ folder, clock })
    opened.push(store)
    return store
  }
  return {
    name: 'pglite',
    open: async clock => {
      holding ??= holdDatabase(folder)
      const { client } = (await holding).shared
      await client.exec(EMPTYING)
      return open(clock)
    },
    openBeside: (_, clock) => open(clock),
    assertNoLeaks: async () => {
      await Promise.all(opened.splice(0).map(store => store.close()))
    }
  }
}

testStore(pgliteHarness())
