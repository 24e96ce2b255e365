-- +goose Up
CREATE TABLE authorities (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  country TEXT NOT NULL,
  kind TEXT NOT NULL,
  email TEXT NOT NULL,
  desk_code TEXT NOT NULL,
  language TEXT NOT NULL,
  tz TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE TABLE people (
  id TEXT NOT NULL PRIMARY KEY,
  owner TEXT NOT NULL,
  login TEXT NOT NULL,
  name TEXT NOT NULL,
  desk_code TEXT NOT NULL,
  roles TEXT NOT NULL,
  language TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  disabled_at BIGINT NOT NULL,
  UNIQUE (login)
);
CREATE TABLE providers (
  id TEXT NOT NULL PRIMARY KEY,
  owner TEXT NOT NULL,
  name TEXT NOT NULL,
  host TEXT NOT NULL,
  hosts TEXT NOT NULL,
  kind TEXT NOT NULL,
  country TEXT NOT NULL,
  channel TEXT NOT NULL,
  webhook TEXT NOT NULL,
  email TEXT NOT NULL,
  language TEXT NOT NULL,
  tz TEXT NOT NULL,
  contact_hours TEXT NOT NULL,
  batch BIGINT NOT NULL,
  per_hour BIGINT NOT NULL,
  clause TEXT NOT NULL,
  answer_key TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  UNIQUE (host)
);
CREATE TABLE campaigns (
  id TEXT NOT NULL PRIMARY KEY,
  owner TEXT NOT NULL,
  name TEXT NOT NULL,
  state TEXT NOT NULL,
  frozen BIGINT NOT NULL,
  units TEXT NOT NULL,
  opens_at BIGINT NOT NULL,
  release_at BIGINT NOT NULL,
  ends_at BIGINT NOT NULL,
  watch_to BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE TABLE imports (
  id TEXT NOT NULL PRIMARY KEY,
  owner TEXT NOT NULL,
  circle TEXT NOT NULL,
  campaign TEXT NOT NULL,
  name TEXT NOT NULL,
  digest TEXT NOT NULL,
  format TEXT NOT NULL,
  position TEXT NOT NULL,
  rows BIGINT NOT NULL,
  new_items BIGINT NOT NULL,
  known_items BIGINT NOT NULL,
  rejected BIGINT NOT NULL,
  done BIGINT NOT NULL,
  started_at BIGINT NOT NULL,
  ended_at BIGINT NOT NULL,
  UNIQUE (owner, circle, digest)
);
CREATE TABLE leads (
  id TEXT NOT NULL PRIMARY KEY,
  owner TEXT NOT NULL,
  circle TEXT NOT NULL,
  campaign TEXT NOT NULL,
  item TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  url TEXT NOT NULL,
  location TEXT NOT NULL,
  source TEXT NOT NULL,
  reliability TEXT NOT NULL,
  credibility TEXT NOT NULL,
  handling TEXT NOT NULL,
  consent BIGINT NOT NULL,
  reference TEXT NOT NULL,
  author TEXT NOT NULL,
  note TEXT NOT NULL,
  kind TEXT NOT NULL,
  language TEXT NOT NULL,
  posted_at BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  import TEXT NOT NULL,
  place TEXT NOT NULL,
  UNIQUE (import, place)
);
CREATE TABLE items (
  id TEXT NOT NULL PRIMARY KEY,
  circle TEXT NOT NULL,
  owner TEXT NOT NULL,
  campaign TEXT NOT NULL,
  location TEXT NOT NULL,
  host TEXT NOT NULL,
  provider TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  language TEXT NOT NULL,
  account TEXT NOT NULL,
  priority BIGINT NOT NULL,
  priority_why TEXT NOT NULL,
  leads BIGINT NOT NULL,
  known TEXT NOT NULL,
  seen_at BIGINT NOT NULL,
  captured_at BIGINT NOT NULL,
  media_sha256 TEXT NOT NULL,
  assessment TEXT NOT NULL,
  verdict TEXT NOT NULL,
  ground TEXT NOT NULL,
  decided_at BIGINT NOT NULL,
  line TEXT NOT NULL,
  they_say TEXT NOT NULL,
  we_saw TEXT NOT NULL,
  we_saw_cause TEXT NOT NULL,
  we_saw_at BIGINT NOT NULL,
  gone_at BIGINT NOT NULL,
  lineage TEXT NOT NULL,
  return_of TEXT NOT NULL,
  merged_into TEXT NOT NULL,
  UNIQUE (circle, location)
);
CREATE TABLE captures (
  id TEXT NOT NULL PRIMARY KEY,
  item TEXT NOT NULL,
  owner TEXT NOT NULL,
  circle TEXT NOT NULL,
  asked TEXT NOT NULL,
  reached TEXT NOT NULL,
  outcome TEXT NOT NULL,
  status BIGINT NOT NULL,
  title TEXT NOT NULL,
  text TEXT NOT NULL,
  facts TEXT NOT NULL,
  warc TEXT NOT NULL,
  tool TEXT NOT NULL,
  vantage TEXT NOT NULL,
  why TEXT NOT NULL,
  started_at BIGINT NOT NULL,
  ended_at BIGINT NOT NULL
);
CREATE TABLE exhibits (
  id TEXT NOT NULL PRIMARY KEY,
  item TEXT NOT NULL,
  owner TEXT NOT NULL,
  circle TEXT NOT NULL,
  capture TEXT NOT NULL,
  kind TEXT NOT NULL,
  url TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  md5 TEXT NOT NULL,
  bytes BIGINT NOT NULL,
  media_type TEXT NOT NULL,
  kept_at BIGINT NOT NULL
);
CREATE TABLE fingerprints (
  id TEXT NOT NULL PRIMARY KEY,
  exhibit TEXT NOT NULL,
  item TEXT NOT NULL,
  owner TEXT NOT NULL,
  circle TEXT NOT NULL,
  kind TEXT NOT NULL,
  value TEXT NOT NULL,
  quality BIGINT NOT NULL,
  frame BIGINT NOT NULL
);
CREATE TABLE candidates (
  id TEXT NOT NULL PRIMARY KEY,
  item TEXT NOT NULL,
  other TEXT NOT NULL,
  owner TEXT NOT NULL,
  circle TEXT NOT NULL,
  kind TEXT NOT NULL,
  distance BIGINT NOT NULL,
  at BIGINT NOT NULL,
  UNIQUE (item, other, kind)
);
CREATE TABLE assessments (
  id TEXT NOT NULL PRIMARY KEY,
  item TEXT NOT NULL,
  circle TEXT NOT NULL,
  owner TEXT NOT NULL,
  officer TEXT NOT NULL,
  turn TEXT NOT NULL,
  answers TEXT NOT NULL,
  state TEXT NOT NULL,
  verdict TEXT NOT NULL,
  ground TEXT NOT NULL,
  passage TEXT NOT NULL,
  danger TEXT NOT NULL,
  purpose TEXT NOT NULL,
  purpose_why TEXT NOT NULL,
  clause TEXT NOT NULL,
  group_list TEXT NOT NULL,
  language TEXT NOT NULL,
  public BIGINT NOT NULL,
  viewed BIGINT NOT NULL,
  context BIGINT NOT NULL,
  batch TEXT NOT NULL,
  second_why TEXT NOT NULL,
  note TEXT NOT NULL,
  began_at BIGINT NOT NULL,
  given_at BIGINT NOT NULL,
  settled_at BIGINT NOT NULL,
  seconds BIGINT NOT NULL
);
CREATE TABLE queries (
  id TEXT NOT NULL PRIMARY KEY,
  item TEXT NOT NULL,
  owner TEXT NOT NULL,
  circle TEXT NOT NULL,
  location TEXT NOT NULL,
  by_way TEXT NOT NULL,
  state TEXT NOT NULL,
  hold TEXT NOT NULL,
  until BIGINT NOT NULL,
  scope TEXT NOT NULL,
  decided_by TEXT NOT NULL,
  reason TEXT NOT NULL,
  asked_at BIGINT NOT NULL,
  answered_at BIGINT NOT NULL
);
CREATE TABLE holds (
  id TEXT NOT NULL PRIMARY KEY,
  owner TEXT NOT NULL,
  location TEXT NOT NULL,
  host TEXT NOT NULL,
  scope TEXT NOT NULL,
  state TEXT NOT NULL,
  case_no TEXT NOT NULL,
  reason TEXT NOT NULL,
  placed_by TEXT NOT NULL,
  placed_at BIGINT NOT NULL,
  review_at BIGINT NOT NULL,
  lifted_at BIGINT NOT NULL
);
CREATE TABLE letters (
  id TEXT NOT NULL PRIMARY KEY,
  owner TEXT NOT NULL,
  circle TEXT NOT NULL,
  campaign TEXT NOT NULL,
  provider TEXT NOT NULL,
  instrument TEXT NOT NULL,
  state TEXT NOT NULL,
  reference TEXT NOT NULL,
  channel TEXT NOT NULL,
  lines BIGINT NOT NULL,
  desk_code TEXT NOT NULL,
  drafted_by TEXT NOT NULL,
  drafted_at BIGINT NOT NULL,
  approved_by TEXT NOT NULL,
  approved_at BIGINT NOT NULL,
  checks TEXT NOT NULL,
  overrides TEXT NOT NULL,
  send_after BIGINT NOT NULL,
  sent_at BIGINT NOT NULL,
  delivered_at BIGINT NOT NULL,
  acknowledged_at BIGINT NOT NULL,
  answered_at BIGINT NOT NULL,
  closed_at BIGINT NOT NULL,
  withdrawn_at BIGINT NOT NULL,
  withdrawn_why TEXT NOT NULL,
  reminders BIGINT NOT NULL,
  remind_at BIGINT NOT NULL,
  receipt TEXT NOT NULL,
  UNIQUE (owner, reference)
);
CREATE TABLE lines (
  id TEXT NOT NULL PRIMARY KEY,
  letter TEXT NOT NULL,
  owner TEXT NOT NULL,
  circle TEXT NOT NULL,
  item TEXT NOT NULL,
  provider TEXT NOT NULL,
  location TEXT NOT NULL,
  kind TEXT NOT NULL,
  ground TEXT NOT NULL,
  clause TEXT NOT NULL,
  explanation TEXT NOT NULL,
  state TEXT NOT NULL,
  countries TEXT NOT NULL,
  reason TEXT NOT NULL,
  measure_at BIGINT NOT NULL,
  answered_at BIGINT NOT NULL,
  we_saw TEXT NOT NULL,
  we_saw_at BIGINT NOT NULL,
  gone_at BIGINT NOT NULL,
  UNIQUE (letter, item)
);
CREATE TABLE messages (
  id TEXT NOT NULL PRIMARY KEY,
  letter TEXT NOT NULL,
  owner TEXT NOT NULL,
  circle TEXT NOT NULL,
  kind TEXT NOT NULL,
  n BIGINT NOT NULL,
  channel TEXT NOT NULL,
  recipient TEXT NOT NULL,
  state TEXT NOT NULL,
  tries BIGINT NOT NULL,
  receipt TEXT NOT NULL,
  detail TEXT NOT NULL,
  written_at BIGINT NOT NULL,
  settled_at BIGINT NOT NULL,
  UNIQUE (letter, kind, n)
);
CREATE TABLE answers (
  id TEXT NOT NULL PRIMARY KEY,
  letter TEXT NOT NULL,
  owner TEXT NOT NULL,
  circle TEXT NOT NULL,
  via TEXT NOT NULL,
  key TEXT NOT NULL,
  body TEXT NOT NULL,
  at BIGINT NOT NULL,
  UNIQUE (letter, key)
);
CREATE TABLE checks (
  id TEXT NOT NULL PRIMARY KEY,
  item TEXT NOT NULL,
  line TEXT NOT NULL,
  letter TEXT NOT NULL,
  owner TEXT NOT NULL,
  circle TEXT NOT NULL,
  state TEXT NOT NULL,
  n BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  at BIGINT NOT NULL,
  verdict TEXT NOT NULL,
  signal TEXT NOT NULL,
  cause TEXT NOT NULL,
  places TEXT NOT NULL,
  UNIQUE (item, line, n)
);
CREATE TABLE returns (
  id TEXT NOT NULL PRIMARY KEY,
  item TEXT NOT NULL,
  of_item TEXT NOT NULL,
  owner TEXT NOT NULL,
  circle TEXT NOT NULL,
  state TEXT NOT NULL,
  kind TEXT NOT NULL,
  score BIGINT NOT NULL,
  signals TEXT NOT NULL,
  lineage TEXT NOT NULL,
  decided_by TEXT NOT NULL,
  reason TEXT NOT NULL,
  found_at BIGINT NOT NULL,
  decided_at BIGINT NOT NULL,
  UNIQUE (item, of_item)
);
CREATE TABLE lineages (
  id TEXT NOT NULL PRIMARY KEY,
  owner TEXT NOT NULL,
  circle TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE TABLE generations (
  id TEXT NOT NULL PRIMARY KEY,
  lineage TEXT NOT NULL,
  owner TEXT NOT NULL,
  circle TEXT NOT NULL,
  item TEXT NOT NULL,
  n BIGINT NOT NULL,
  from_at BIGINT NOT NULL,
  to_at BIGINT NOT NULL,
  UNIQUE (item)
);
CREATE TABLE jobs (
  id TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  subject TEXT NOT NULL,
  payload TEXT NOT NULL,
  run_at BIGINT NOT NULL,
  tries BIGINT NOT NULL,
  max_tries BIGINT NOT NULL,
  token TEXT NOT NULL,
  state TEXT NOT NULL,
  lease_until BIGINT NOT NULL,
  error TEXT NOT NULL,
  UNIQUE (kind, key)
);
CREATE TABLE settings (
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
);
CREATE TABLE credentials (
  person TEXT NOT NULL PRIMARY KEY,
  password TEXT NOT NULL,
  totp TEXT NOT NULL,
  totp_last BIGINT NOT NULL,
  failures BIGINT NOT NULL,
  locked_until BIGINT NOT NULL
);
CREATE TABLE sessions (
  hash TEXT NOT NULL PRIMARY KEY,
  person TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  csrf TEXT NOT NULL
);
CREATE TABLE tokens (
  hash TEXT NOT NULL PRIMARY KEY,
  id TEXT NOT NULL,
  person TEXT NOT NULL,
  owner TEXT NOT NULL,
  name TEXT NOT NULL,
  scopes TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  revoked_at BIGINT NOT NULL,
  used_at BIGINT NOT NULL
);
CREATE TABLE provider_hosts (
  host TEXT NOT NULL PRIMARY KEY,
  provider TEXT NOT NULL
);
CREATE TABLE circles (
  id TEXT NOT NULL PRIMARY KEY,
  circle TEXT NOT NULL,
  member TEXT NOT NULL,
  UNIQUE (circle, member)
);
CREATE TABLE leases (
  item TEXT NOT NULL PRIMARY KEY,
  queue TEXT NOT NULL,
  circle TEXT NOT NULL,
  officer TEXT NOT NULL,
  until BIGINT NOT NULL,
  token TEXT NOT NULL
);
CREATE TABLE drafts (
  id TEXT NOT NULL PRIMARY KEY,
  person TEXT NOT NULL,
  item TEXT NOT NULL,
  body TEXT NOT NULL,
  saved_at BIGINT NOT NULL,
  UNIQUE (person, item)
);
CREATE TABLE door_tokens (
  hash TEXT NOT NULL PRIMARY KEY,
  letter TEXT NOT NULL,
  provider TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  revoked_at BIGINT NOT NULL
);
CREATE TABLE door_sessions (
  hash TEXT NOT NULL PRIMARY KEY,
  letter TEXT NOT NULL,
  provider TEXT NOT NULL,
  code_hash TEXT NOT NULL,
  code_tries BIGINT NOT NULL,
  code_expires BIGINT NOT NULL,
  code_sent BIGINT NOT NULL,
  proven_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  draft TEXT NOT NULL
);
CREATE TABLE events (
  n INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  seq BIGINT UNIQUE,
  stream TEXT NOT NULL,
  at BIGINT NOT NULL,
  owner TEXT NOT NULL,
  circle TEXT NOT NULL,
  act TEXT NOT NULL,
  noun TEXT NOT NULL,
  subject TEXT NOT NULL,
  actor TEXT NOT NULL,
  actor_salt TEXT NOT NULL,
  leaf BLOB NOT NULL
);
CREATE INDEX events_unsequenced ON events (n) WHERE seq IS NULL;
CREATE INDEX events_subject ON events (subject, n);
CREATE INDEX events_circle ON events (circle, n);
CREATE TABLE event_fields (
  event TEXT NOT NULL,
  name TEXT NOT NULL,
  salt TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (event, name)
);
CREATE TABLE tree_blocks (
  n BIGINT NOT NULL PRIMARY KEY,
  hashes BLOB NOT NULL
);
CREATE TABLE checkpoints (
  size BIGINT NOT NULL PRIMARY KEY,
  note TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX items_queue ON items (circle, state, priority, id);
CREATE INDEX items_media ON items (media_sha256, circle);
CREATE INDEX items_host ON items (circle, host);
CREATE INDEX items_verdict ON items (circle, verdict, provider, line);
CREATE INDEX leads_item ON leads (item);
CREATE INDEX leads_owner ON leads (owner, received_at);
CREATE INDEX captures_item ON captures (item, started_at);
CREATE INDEX exhibits_item ON exhibits (item);
CREATE INDEX exhibits_sha ON exhibits (sha256);
CREATE INDEX fingerprints_item ON fingerprints (item);
CREATE INDEX fingerprints_value ON fingerprints (kind, value);
CREATE INDEX candidates_other ON candidates (other);
CREATE INDEX assessments_item ON assessments (item, began_at);
CREATE INDEX assessments_officer ON assessments (officer, state);
CREATE INDEX queries_item ON queries (item);
CREATE INDEX holds_host ON holds (host, state);
CREATE INDEX letters_state ON letters (circle, state, provider);
CREATE INDEX letters_provider ON letters (provider, sent_at);
CREATE INDEX lines_item ON lines (item);
CREATE INDEX lines_location ON lines (location);
CREATE INDEX messages_provider ON messages (recipient, state, settled_at);
CREATE INDEX lines_provider ON lines (provider, state);
CREATE INDEX checks_item ON checks (item, n);
CREATE INDEX returns_state ON returns (circle, state);
CREATE INDEX returns_of ON returns (of_item);
CREATE INDEX generations_lineage ON generations (lineage, n);
CREATE INDEX imports_circle ON imports (circle);
CREATE INDEX jobs_due ON jobs (kind, state, run_at, id);
CREATE INDEX jobs_state ON jobs (state, run_at);
CREATE INDEX jobs_token ON jobs (token);
CREATE INDEX leases_officer ON leases (officer, until);
INSERT INTO settings (name, value) VALUES ('sequencer', '');
