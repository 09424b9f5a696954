/*
 * KEYS[1] is the lock: its value is "<holder>:<term>", and it expires. KEYS[2] is the last term. The server runs each
 * script as one step.
 */

/**
 * ARGV: holder, its TTL in ms, the last term in the books, for how many ms its holder may still trust itself (0: not at
 * all). Returns the new term, or 0.
 *
 * A server with a lower term than the books has lost its memory, and the lock with it. Nobody gets the seat until the
 * process that held it has noticed.
 */
export const TAKE = `
local term = tonumber(redis.call('GET', KEYS[2]) or '0')
local held = redis.call('GET', KEYS[1])
if held == ARGV[1] .. ':' .. term then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  return term
end
if held then return 0 end
if term < tonumber(ARGV[3]) then
  redis.call('SET', KEYS[2], ARGV[3])
  if tonumber(ARGV[4]) > 0 then
    redis.call('SET', KEYS[1], 'forgotten', 'PX', ARGV[4])
    return 0
  end
end
term = redis.call('INCR', KEYS[2])
redis.call('SET', KEYS[1], ARGV[1] .. ':' .. term, 'PX', ARGV[2])
return term`

/** ARGV: the value of the lock, its TTL in ms. Returns 1, or 0 if the lock is gone or another's. */
export const EXTEND = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])`

/** ARGV: the value of the lock. */
export const RELEASE = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`
