/** What users' code may throw or reject with; each made anew, since some can be used once only. */
export const thrownValues: readonly (readonly [string, () => unknown])[] = [
  ['an error without a message', () => Object.assign(new Error('x'), { message: undefined })],
  ['an error whose message is an object', () => Object.assign(new Error('x'), { message: { text: 'x' } })],
  ['an error whose message is a symbol', () => Object.assign(new Error('x'), { message: Symbol('x') })],
  ['an error whose name is undefined', () => Object.assign(new Error(''), { name: undefined })],
  ['an error whose name is a number', () => Object.assign(new Error(''), { name: 7 })],
  ['an error whose stack is a list', () => Object.assign(new Error('x'), { stack: ['a', 'b'] })],
  ['an error without a stack', () => Object.assign(new Error('x'), { stack: undefined })],
  ['an error whose code is a symbol', () => Object.assign(new Error('x'), { code: Symbol('x') })],
  ...['message', 'name', 'stack', 'code', 'cause', 'errcode'].map(
    key => [`an error whose ${key} throws`, () => withGetter(new Error('x'), key, throwing)] as const
  ),
  ['an error whose message is another one each time', () => withGetter(new Error('x'), 'message', fickle())],
  ['an error whose toString throws', () => Object.assign(new Error('x'), { toString: throwing })],
  ['an error that is its own cause', () => selfCaused()],
  ['a frozen error', () => Object.freeze(new Error('x'))],
  ['an error with a message of 5 million characters', () => new Error('x'.repeat(5_000_000))],
  ['a DOMException', () => new DOMException('x', 'AbortError')],
  ['an AggregateError without a message', () => new AggregateError([new Error('a'), 'b', revoked()])],
  [
    'an AggregateError of errors that cannot be listed',
    () => Object.assign(new AggregateError([]), { errors: revoked() })
  ],
  ['an error without a prototype', () => Object.setPrototypeOf(new Error('x'), null)],
  ['a proxy of an error', () => new Proxy(new Error('x'), { get: throwing })],
  ['a proxy that throws whatever is asked', () => new Proxy({}, trapsThrowing)],
  ['a revoked proxy', () => revoked()],
  ['a revoked proxy of a function', () => revokedFunction()],
  ['an object without a prototype', () => Object.create(null)],
  ['an object like an error', () => ({ message: 'x', code: 'E' })],
  ['an object whose toString throws', () => ({ toString: throwing, [Symbol.toPrimitive]: throwing })],
  ['an object whose inspection throws', () => ({ [Symbol.for('nodejs.util.inspect.custom')]: throwing })],
  ['an object whose toJSON throws', () => ({ toJSON: throwing })],
  ['an object whose then throws', () => withGetter({}, 'then', throwing)],
  ['a class', () => URL],
  ['a function', () => () => 1],
  ['a function without a name', () => withGetter(() => 1, 'name', throwing)],
  ['undefined', () => undefined],
  ['null', () => null],
  ['an empty text', () => ''],
  ['a text of 5 million characters', () => 'x'.repeat(5_000_000)],
  ['a text with NUL and half a pair', () => 'a\u0000b\ud800'],
  ['a symbol', () => Symbol('x')],
  ['a bigint', () => 10n],
  ['NaN', () => Number.NaN],
  ['a date that is none', () => new Date(Number.NaN)],
  ['a promise that resolves', () => Promise.resolve(1)],
  ['a promise that rejects', () => Promise.reject(new Error('x'))]
]

const throwing = (): never => {
  throw new Error('a getter’s own')
}

const fickle = (): (() => unknown) => {
  let asked = 0
  return () => (asked++ === 0 ? 'a text' : undefined)
}

const withGetter = (on: object, key: string, get: () => unknown): object =>
  Object.defineProperty(on, key, { get, configurable: true })

const trapsThrowing = Object.fromEntries(
  ['get', 'has', 'ownKeys', 'getPrototypeOf', 'getOwnPropertyDescriptor'].map(trap => [trap, throwing])
)

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

function revokedFunction(): object {
  const { proxy, revoke } = Proxy.revocable(() => 1, {})
  revoke()
  return proxy
}

function selfCaused(): Error {
  const error = new Error('x')
  error.cause = error
  return error
}
