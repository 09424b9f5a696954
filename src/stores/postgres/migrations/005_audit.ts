/** Earlier releases may run at the same time: they neither read nor need these, and what they change has no entry. */
export const audit = `
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
`
