-- +goose Up
-- Banks of known things: docs/design/banks.md.
CREATE TABLE banks (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  no BIGINT NOT NULL UNIQUE,
  owner TEXT COLLATE "C" NOT NULL,
  circle TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  note TEXT COLLATE "C" NOT NULL,
  labels TEXT COLLATE "C" NOT NULL,
  negative BIGINT NOT NULL,
  against TEXT COLLATE "C" NOT NULL,
  radius TEXT COLLATE "C" NOT NULL,
  ratio DOUBLE PRECISION NOT NULL,
  enabled BIGINT NOT NULL,
  expire_days BIGINT NOT NULL,
  flood TEXT COLLATE "C" NOT NULL,
  exchange TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL,
  closed_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX banks_name ON banks (circle, name) WHERE closed_at = 0;
CREATE TABLE bank_contents (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  bank TEXT COLLATE "C" NOT NULL,
  owner TEXT COLLATE "C" NOT NULL,
  circle TEXT COLLATE "C" NOT NULL,
  number BIGINT NOT NULL,
  note TEXT COLLATE "C" NOT NULL,
  content_id TEXT COLLATE "C" NOT NULL,
  content_uri TEXT COLLATE "C" NOT NULL,
  extra TEXT COLLATE "C" NOT NULL,
  source TEXT COLLATE "C" NOT NULL,
  source_key TEXT COLLATE "C" NOT NULL,
  labels TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  disable_until_ts BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  standing TEXT COLLATE "C" NOT NULL,
  standing_by TEXT COLLATE "C" NOT NULL,
  standing_why TEXT COLLATE "C" NOT NULL,
  standing_at BIGINT NOT NULL,
  quarantine_why TEXT COLLATE "C" NOT NULL,
  released_at BIGINT NOT NULL,
  withdrawn_at BIGINT NOT NULL,
  withdrawn_by TEXT COLLATE "C" NOT NULL,
  withdrawn_why TEXT COLLATE "C" NOT NULL,
  added_by TEXT COLLATE "C" NOT NULL,
  added_at BIGINT NOT NULL,
  UNIQUE (circle, number)
);
CREATE INDEX bank_contents_bank ON bank_contents (bank, number);
CREATE INDEX bank_contents_state ON bank_contents (circle, state, number) WHERE state <> 'active';
CREATE UNIQUE INDEX bank_contents_key ON bank_contents (bank, source, source_key) WHERE source_key <> '';
-- The different values of a bank, each once: a million equal ones cost the index one. live counts the signals that may match.
-- Derived from the signals.
CREATE TABLE bank_hashes (
  n BIGINT NOT NULL PRIMARY KEY,
  bank TEXT COLLATE "C" NOT NULL,
  bank_no BIGINT NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  value TEXT COLLATE "C" NOT NULL,
  look TEXT COLLATE "C" NOT NULL, -- the value, or its SHA-256 where it is long
  live BIGINT NOT NULL,
  UNIQUE (look, kind, bank)
);
CREATE TABLE bank_signals (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  bank TEXT COLLATE "C" NOT NULL,
  content TEXT COLLATE "C" NOT NULL,
  owner TEXT COLLATE "C" NOT NULL,
  circle TEXT COLLATE "C" NOT NULL,
  hash BIGINT NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  value TEXT COLLATE "C" NOT NULL,
  quality BIGINT NOT NULL,
  frame BIGINT NOT NULL,
  at_ms BIGINT NOT NULL,
  turn TEXT COLLATE "C" NOT NULL,
  live BIGINT NOT NULL
);
CREATE INDEX bank_signals_hash ON bank_signals (hash, live, id);
CREATE INDEX bank_signals_content ON bank_signals (content, id);
-- Values whose standing in the index changed, as ranges of numbers, numbered in the order the changes were committed: what
-- copies of the index follow. Derived, no part of the record.
CREATE TABLE bank_changes (
  n BIGINT NOT NULL PRIMARY KEY,
  first BIGINT NOT NULL,
  last BIGINT NOT NULL
);
CREATE TABLE bank_opinions (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  content TEXT COLLATE "C" NOT NULL,
  bank TEXT COLLATE "C" NOT NULL,
  owner TEXT COLLATE "C" NOT NULL,
  circle TEXT COLLATE "C" NOT NULL,
  via TEXT COLLATE "C" NOT NULL,
  source TEXT COLLATE "C" NOT NULL,
  mine BIGINT NOT NULL,
  opinion TEXT COLLATE "C" NOT NULL,
  category TEXT COLLATE "C" NOT NULL,
  tags TEXT COLLATE "C" NOT NULL,
  at BIGINT NOT NULL,
  UNIQUE (content, via, source)
);
CREATE TABLE bank_tombstones (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  bank TEXT COLLATE "C" NOT NULL,
  content TEXT COLLATE "C" NOT NULL,
  owner TEXT COLLATE "C" NOT NULL,
  circle TEXT COLLATE "C" NOT NULL,
  hash BIGINT NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  value TEXT COLLATE "C" NOT NULL,
  n BIGINT NOT NULL,
  by_whom TEXT COLLATE "C" NOT NULL,
  source TEXT COLLATE "C" NOT NULL,
  why TEXT COLLATE "C" NOT NULL,
  at BIGINT NOT NULL,
  lifted_by TEXT COLLATE "C" NOT NULL,
  lifted_at BIGINT NOT NULL
);
CREATE INDEX bank_tombstones_hash ON bank_tombstones (hash) WHERE lifted_at = 0;
CREATE INDEX bank_tombstones_content ON bank_tombstones (content);
CREATE TABLE bank_hits (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  item TEXT COLLATE "C" NOT NULL,
  bank TEXT COLLATE "C" NOT NULL,
  content TEXT COLLATE "C" NOT NULL,
  owner TEXT COLLATE "C" NOT NULL,
  circle TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  distance BIGINT NOT NULL,
  outcome TEXT COLLATE "C" NOT NULL,
  why TEXT COLLATE "C" NOT NULL,
  at_ms BIGINT NOT NULL,
  back BIGINT NOT NULL,
  at BIGINT NOT NULL,
  UNIQUE (item, content, kind)
);
CREATE INDEX bank_hits_content ON bank_hits (bank, content);
CREATE TABLE bank_switches (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  owner TEXT COLLATE "C" NOT NULL,
  circle TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  ratio DOUBLE PRECISION NOT NULL,
  UNIQUE (circle, kind)
);
-- Lists of known files that partners exchange are of MD5: what was seen before is looked through for them.
CREATE INDEX exhibits_md5 ON exhibits (md5) WHERE kind IN ('media', 'file');
