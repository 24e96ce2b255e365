-- +goose Up
-- What the export of one chat showed to be missing.
CREATE TABLE vanished (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  import TEXT COLLATE "C" NOT NULL,
  owner TEXT COLLATE "C" NOT NULL,
  circle TEXT COLLATE "C" NOT NULL,
  report TEXT COLLATE "C" NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX vanished_import ON vanished (import);
CREATE INDEX leads_refused ON leads (owner) WHERE state = 'rejected';
CREATE INDEX imports_latest ON imports (circle, started_at);
CREATE INDEX leads_circle ON leads (circle, owner);
CREATE INDEX queries_held ON queries (circle, item) WHERE state = 'hold';
