/** Earlier releases may run at the same time: they neither read nor need these, and what they change has no entry. */
export const audit = `
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
`
