-- +goose Up
-- What the export of one chat showed to be missing.
CREATE TABLE vanished (
  id TEXT NOT NULL PRIMARY KEY,
  import TEXT NOT NULL,
  owner TEXT NOT NULL,
  circle TEXT NOT NULL,
  report TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX vanished_import ON vanished (import);
CREATE INDEX leads_refused ON leads (owner) WHERE state = 'rejected';
CREATE INDEX imports_latest ON imports (circle, started_at);
CREATE INDEX leads_circle ON leads (circle, owner);
CREATE INDEX queries_held ON queries (circle, item) WHERE state = 'hold';
