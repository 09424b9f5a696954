/** Where an endpoint is below `/api/v1`; with `body` its members that are not in the path go there, else in the query. */
export type Route = readonly [method: string, path: string, body?: 'body']

/** Endpoints by their names. */
export type Routes = Readonly<Record<string, Route>>
