export { ApiProblem, type ApiProblemOptions, type ApiProblemPart } from './client/api-problem.ts'
export type { ApiCalls } from './client/calls.ts'
export { type CallOptions, type Client, type ClientOptions, createClient } from './client/create-client.ts'
export { everyItem } from './client/every-item.ts'
