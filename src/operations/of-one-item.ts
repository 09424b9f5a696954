import { isEscapementError } from '../core/errors.ts'

/**
 * Whether a batch may have failed for the sake of one of its items: others hold what that one needs, or the store
 * refuses it for good. Books that can't be used at all fail for each of them.
 */
export const isOfOneItem = (error: unknown): boolean => !isEscapementError(error) || error.code === 'store-busy'
