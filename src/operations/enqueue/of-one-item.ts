import { isEscapementError } from '../../core/errors.ts'

/**
 * Whether one item may have made a batch fail: others hold what it needs, or the store can never take it. False if the
 * books can't be used at all, which fails every item.
 */
export const isOfOneItem = (error: unknown): boolean => !isEscapementError(error) || error.code === 'store-busy'
