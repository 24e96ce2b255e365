-- +goose Up
-- Banks of known things: docs/design/banks.md.
CREATE TABLE banks (
  id TEXT NOT NULL PRIMARY KEY,
  no BIGINT NOT NULL UNIQUE,
  owner TEXT NOT NULL,
  circle TEXT NOT NULL,
  name TEXT NOT NULL,
  note TEXT NOT NULL,
  labels TEXT NOT NULL,
  negative BIGINT NOT NULL,
  against TEXT NOT NULL,
  radius TEXT NOT NULL,
  ratio DOUBLE PRECISION NOT NULL,
  enabled BIGINT NOT NULL,
  expire_days BIGINT NOT NULL,
  flood TEXT NOT NULL,
  exchange TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  closed_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX banks_name ON banks (circle, name) WHERE closed_at = 0;
CREATE TABLE bank_contents (
  id TEXT NOT NULL PRIMARY KEY,
  bank TEXT NOT NULL,
  owner TEXT NOT NULL,
  circle TEXT NOT NULL,
  number BIGINT NOT NULL,
  note TEXT NOT NULL,
  content_id TEXT NOT NULL,
  content_uri TEXT NOT NULL,
  extra TEXT NOT NULL,
  source TEXT NOT NULL,
  source_key TEXT NOT NULL,
  labels TEXT NOT NULL,
  state TEXT NOT NULL,
  disable_until_ts BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  standing TEXT NOT NULL,
  standing_by TEXT NOT NULL,
  standing_why TEXT NOT NULL,
  standing_at BIGINT NOT NULL,
  quarantine_why TEXT NOT NULL,
  released_at BIGINT NOT NULL,
  withdrawn_at BIGINT NOT NULL,
  withdrawn_by TEXT NOT NULL,
  withdrawn_why TEXT NOT NULL,
  added_by TEXT NOT NULL,
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
  bank TEXT NOT NULL,
  bank_no BIGINT NOT NULL,
  kind TEXT NOT NULL,
  value TEXT NOT NULL,
  look TEXT NOT NULL, -- the value, or its SHA-256 where it is long
  live BIGINT NOT NULL,
  UNIQUE (look, kind, bank)
);
CREATE TABLE bank_signals (
  id TEXT NOT NULL PRIMARY KEY,
  bank TEXT NOT NULL,
  content TEXT NOT NULL,
  owner TEXT NOT NULL,
  circle TEXT NOT NULL,
  hash BIGINT NOT NULL,
  kind TEXT NOT NULL,
  value TEXT NOT NULL,
  quality BIGINT NOT NULL,
  frame BIGINT NOT NULL,
  at_ms BIGINT NOT NULL,
  turn TEXT NOT NULL,
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
  id TEXT NOT NULL PRIMARY KEY,
  content TEXT NOT NULL,
  bank TEXT NOT NULL,
  owner TEXT NOT NULL,
  circle TEXT NOT NULL,
  via TEXT NOT NULL,
  source TEXT NOT NULL,
  mine BIGINT NOT NULL,
  opinion TEXT NOT NULL,
  category TEXT NOT NULL,
  tags TEXT NOT NULL,
  at BIGINT NOT NULL,
  UNIQUE (content, via, source)
);
CREATE TABLE bank_tombstones (
  id TEXT NOT NULL PRIMARY KEY,
  bank TEXT NOT NULL,
  content TEXT NOT NULL,
  owner TEXT NOT NULL,
  circle TEXT NOT NULL,
  hash BIGINT NOT NULL,
  kind TEXT NOT NULL,
  value TEXT NOT NULL,
  n BIGINT NOT NULL,
  by_whom TEXT NOT NULL,
  source TEXT NOT NULL,
  why TEXT NOT NULL,
  at BIGINT NOT NULL,
  lifted_by TEXT NOT NULL,
  lifted_at BIGINT NOT NULL
);
CREATE INDEX bank_tombstones_hash ON bank_tombstones (hash) WHERE lifted_at = 0;
CREATE INDEX bank_tombstones_content ON bank_tombstones (content);
CREATE TABLE bank_hits (
  id TEXT NOT NULL PRIMARY KEY,
  item TEXT NOT NULL,
  bank TEXT NOT NULL,
  content TEXT NOT NULL,
  owner TEXT NOT NULL,
  circle TEXT NOT NULL,
  kind TEXT NOT NULL,
  distance BIGINT NOT NULL,
  outcome TEXT NOT NULL,
  why TEXT NOT NULL,
  at_ms BIGINT NOT NULL,
  back BIGINT NOT NULL,
  at BIGINT NOT NULL,
  UNIQUE (item, content, kind)
);
CREATE INDEX bank_hits_content ON bank_hits (bank, content);
CREATE TABLE bank_switches (
  id TEXT NOT NULL PRIMARY KEY,
  owner TEXT NOT NULL,
  circle TEXT NOT NULL,
  kind TEXT NOT NULL,
  ratio DOUBLE PRECISION NOT NULL,
  UNIQUE (circle, kind)
);
-- Lists of known files that partners exchange are of MD5: what was seen before is looked through for them.
CREATE INDEX exhibits_md5 ON exhibits (md5) WHERE kind IN ('media', 'file');
