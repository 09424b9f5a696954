// Written by `npm run reference` from the table of endpoints.

export interface ApiFailures {
  readonly items: readonly {
    readonly task: string
    readonly error: string
    readonly count: number
    readonly firstAt: string
    readonly lastAt: string
    readonly jobId: string
  }[]
  readonly lookedAt: number
  readonly isMore: boolean
}

export interface ApiPreview {
  readonly fires: readonly {
    readonly at: string
    readonly local: string
    readonly offset: string
    readonly transition: 'gap' | 'overlap' | null
  }[]
  readonly doubts: readonly string[]
  readonly complete: boolean
}

export interface ApiTasks {
  readonly items: readonly {
    readonly task: string
    readonly workers: number
    readonly totals: {
      readonly completed: number
      readonly failed: number
      readonly discarded: number
      readonly cancelled: number
      readonly lost: number
      readonly stale: number
    }
  }[]
  readonly isMore: boolean
}
