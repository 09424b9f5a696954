import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { bundle } from '../../scripts/bundle.ts'
import { replaceOnce } from '../../scripts/replace-once.ts'

const root = resolve(import.meta.dirname, '../..')

/** A text of the product, and what a copy has in its place. */
export interface Patch {
  /** Under src. */
  readonly file: string
  readonly find: string
  readonly put: string
}

/** What the product exports. */
export type Product = typeof import('../../src/index.ts')

/** Where the product is that the processes run: this checkout, as it is built. */
export const builtProduct = root

/** The product as its processes have it: a copy that lacks something may have other tables. */
export const loadProduct = (folder: string): Promise<Product> =>
  import(pathToFileURL(join(folder, 'dist', 'index.js')).href) as Promise<Product>

/**
 * A copy of the product that lacks something, so that a run of it has to come out red.
 *
 * @throws Error when a text is not there just once.
 */
export async function patchedProduct(folder: string, patches: readonly Patch[]): Promise<string> {
  for (const name of ['src', 'chaos', 'package.json']) cpSync(join(root, name), join(folder, name), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  for (const { file, find, put } of patches) {
    const path = join(folder, 'src', file)
    try {
      writeFileSync(path, replaceOnce(readFileSync(path, 'utf8'), find, put))
    } catch (error) {
      throw new Error(`src/${file} cannot be changed: ${String(error)}`, { cause: error })
    }
  }
  await bundle(join(folder, 'src'), join(folder, 'dist'))
  return folder
}
