import { PrismaPg } from '@prisma/adapter-pg'
import { getPrismaClient } from '@prisma/client/runtime/client'
import type { PrismaTransaction } from '../../../../src/stores/postgres/clients/prisma.ts'

/** What is used of a client that `prisma generate` makes. */
interface PrismaClient extends PrismaTransaction {
  $executeRawUnsafe(query: string, ...values: unknown[]): PromiseLike<number>
  $transaction<T>(body: (tx: PrismaClient) => Promise<T>): Promise<T>
  $disconnect(): Promise<void>
}

const { WebAssembly } = globalThis as unknown as { WebAssembly: { Module: new (bytes: Uint8Array) => unknown } }
const runtime = '@prisma/client/runtime/query_compiler_fast_bg.postgresql'

/** The client of a schema without models: what `prisma generate` writes is this configuration of Prisma's runtime. */
export const GeneratedClient = getPrismaClient({
  clientVersion: '7.10.0',
  engineVersion: '',
  activeProvider: 'postgresql',
  previewFeatures: [],
  inlineSchema: 'datasource db {\n  provider = "postgresql"\n}\n',
  runtimeDataModel: { models: {}, enums: {}, types: {} },
  parameterizationSchema: { strings: [], graph: 'AAAA' },
  compilerWasm: {
    importName: './query_compiler_fast_bg.js',
    getRuntime: async () => await import(`${runtime}.mjs`),
    getQueryCompilerWasmModule: async () => {
      const { wasm } = (await import(`${runtime}.wasm-base64.mjs`)) as { wasm: string }
      return new WebAssembly.Module(Buffer.from(wasm, 'base64'))
    }
  }
})

export const openPrisma = (url: string): PrismaClient =>
  new GeneratedClient({ adapter: new PrismaPg({ connectionString: url }) }) as PrismaClient
