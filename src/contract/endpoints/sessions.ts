import type { Endpoints } from '../endpoint.ts'
import { changeBody } from '../bodies.ts'
import * as shapes from '../session-shapes.ts'

const path = '/scheduler/session'

export const sessionEndpoints = {
  logIn: {
    method: 'POST',
    path,
    access: 'viewer',
    action: 'session.create',
    summary: 'Log in with the token that the request presents: a browser gets a cookie',
    body: shapes.logInBody,
    response: shapes.session,
    problems: ['token-unknown'],
    takesCookie: false,
    setsCookie: true
  },
  getSession: {
    method: 'GET',
    path,
    access: 'viewer',
    summary: 'Who asks, in which role, until when, and what changes have to present',
    response: shapes.session
  },
  logOut: {
    method: 'DELETE',
    path,
    access: 'viewer',
    action: 'session.revoke',
    summary: 'End the session of the cookie',
    body: changeBody,
    response: shapes.endedSession,
    setsCookie: true
  }
} as const satisfies Endpoints
