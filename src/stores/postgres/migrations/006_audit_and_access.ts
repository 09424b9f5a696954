/** Earlier releases may run at the same time: they neither read nor need these, and what they change has no entry. */
export const auditAndAccess = `
-- Who changed what. "before" and "after" are JSON without payloads. "count" is above 1 for refused attempts only.
CREATE TABLE audit (
  id text COLLATE "C" PRIMARY KEY,
  at bigint NOT NULL,
  actor text COLLATE "C" NOT NULL,
  role text,
  via text NOT NULL,
  address text,
  action text COLLATE "C" NOT NULL,
  target_kind text COLLATE "C" NOT NULL,
  target_id text COLLATE "C" NOT NULL,
  before text,
  after text,
  reason text,
  bulk_id text,
  outcome text NOT NULL,
  count bigint NOT NULL
);
CREATE INDEX audit_age ON audit (at, id);
CREATE INDEX audit_actor ON audit (actor, at, id);
CREATE INDEX audit_action ON audit (action, at, id);
CREATE INDEX audit_target ON audit (target_kind, target_id, at, id);

-- Hashes are SHA-256, in hexadecimal. The secrets themselves are nowhere in the books.
CREATE TABLE token (
  id text COLLATE "C" PRIMARY KEY,
  name text NOT NULL,
  secret_hash text NOT NULL,
  role text NOT NULL,
  created_at bigint NOT NULL,
  created_by text NOT NULL,
  expires_at bigint,
  revoked_at bigint,
  last_used_at bigint
);

-- Somebody who has logged in, with a token or as the app says. A session ends with its token.
CREATE TABLE session (
  id_hash text COLLATE "C" PRIMARY KEY,
  token_id text COLLATE "C",
  actor text NOT NULL,
  role text NOT NULL,
  csrf_hash text NOT NULL,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  revoked_at bigint
);
CREATE INDEX session_expiry ON session (expires_at);
`
