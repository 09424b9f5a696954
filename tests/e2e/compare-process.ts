// The small app of examples/compare, with one user who signs up twice.
const [file] = process.argv.slice(2) as [string]
const { signUp } = (await import(file)) as { signUp: (user: { id: string; mail: string }) => Promise<unknown> }
const ada = { id: 'ada', mail: 'ada@example.org' }
await signUp(ada)
await signUp(ada)
console.log('signed up twice')
