/** Earlier releases may run at the same time: they neither read nor need these, and what they change has no entry. */
export const auditAndAccess = `
-- Who changed what. "before" and "after" are JSON without payloads. "count" is above 1 for refused attempts only.
CREATE TABLE escapement_audit (
  id TEXT PRIMARY KEY,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  role TEXT,
  via TEXT NOT NULL,
  address TEXT,
  action TEXT NOT NULL,
  target_kind TEXT NOT NULL,
  target_id TEXT NOT NULL,
  before TEXT,
  after TEXT,
  reason TEXT,
  bulk_id TEXT,
  outcome TEXT NOT NULL,
  count INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX escapement_audit_age ON escapement_audit (at, id);
CREATE INDEX escapement_audit_actor ON escapement_audit (actor, at, id);
CREATE INDEX escapement_audit_action ON escapement_audit (action, at, id);
CREATE INDEX escapement_audit_target ON escapement_audit (target_kind, target_id, at, id);

-- Hashes are SHA-256, in hexadecimal. The secrets themselves are nowhere in the books.
CREATE TABLE escapement_token (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  secret_hash TEXT NOT NULL,
  role TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  expires_at INTEGER,
  revoked_at INTEGER,
  last_used_at INTEGER
) WITHOUT ROWID;

-- Somebody who has logged in, with a token or as the app says. A session ends with its token.
CREATE TABLE escapement_session (
  id_hash TEXT PRIMARY KEY,
  token_id TEXT,
  actor TEXT NOT NULL,
  role TEXT NOT NULL,
  csrf_hash TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  revoked_at INTEGER
) WITHOUT ROWID;
CREATE INDEX escapement_session_expiry ON escapement_session (expires_at);
`
