// Written by `npm run reference` from the table of endpoints.
import type { Routes } from '../route.ts'

/** Log in with the token that the request presents: a browser gets a cookie. Takes the role viewer. */
export interface LogInCall {
  readonly request: { readonly reason?: string | undefined; readonly https?: boolean | undefined }
  readonly response: {
    readonly actor: string
    readonly role: 'viewer' | 'operator' | 'admin'
    readonly expiresAt: string | null
    readonly csrf: string | null
  }
}

/** Who asks, in which role, until when, and what changes have to present. Takes the role viewer. */
export interface GetSessionCall {
  readonly request: {}
  readonly response: {
    readonly actor: string
    readonly role: 'viewer' | 'operator' | 'admin'
    readonly expiresAt: string | null
    readonly csrf: string | null
  }
}

/** End the session of the cookie. Takes the role viewer. */
export interface LogOutCall {
  readonly request: { readonly reason?: string | undefined }
  readonly response: { readonly isEnded: boolean }
}

export const sessionsRoutes = {
  logIn: ['POST', '/scheduler/session', 'body'],
  getSession: ['GET', '/scheduler/session'],
  logOut: ['DELETE', '/scheduler/session', 'body']
} as const satisfies Routes
