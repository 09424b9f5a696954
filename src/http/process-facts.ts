/** The process that serves the request, as it names itself. */
export interface ProcessFacts {
  /** Such as "web.1" under `escapement start`; otherwise the app's name. */
  readonly name: string
  readonly pid: number
  readonly host: string
  readonly roles: readonly string[]
  readonly version: string
}
