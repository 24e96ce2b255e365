-- +goose Up
CREATE TABLE authorities (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  name TEXT COLLATE "C" NOT NULL,
  country TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  email TEXT COLLATE "C" NOT NULL,
  desk_code TEXT COLLATE "C" NOT NULL,
  language TEXT COLLATE "C" NOT NULL,
  tz TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE TABLE people (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  owner TEXT COLLATE "C" NOT NULL,
  login TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  desk_code TEXT COLLATE "C" NOT NULL,
  roles TEXT COLLATE "C" NOT NULL,
  language TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL,
  disabled_at BIGINT NOT NULL,
  UNIQUE (login)
);
CREATE TABLE providers (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  owner TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  host TEXT COLLATE "C" NOT NULL,
  hosts TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  country TEXT COLLATE "C" NOT NULL,
  channel TEXT COLLATE "C" NOT NULL,
  webhook TEXT COLLATE "C" NOT NULL,
  email TEXT COLLATE "C" NOT NULL,
  language TEXT COLLATE "C" NOT NULL,
  tz TEXT COLLATE "C" NOT NULL,
  contact_hours TEXT COLLATE "C" NOT NULL,
  batch BIGINT NOT NULL,
  per_hour BIGINT NOT NULL,
  clause TEXT COLLATE "C" NOT NULL,
  answer_key TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL,
  UNIQUE (host)
);
CREATE TABLE campaigns (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  owner TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  frozen BIGINT NOT NULL,
  units TEXT COLLATE "C" NOT NULL,
  opens_at BIGINT NOT NULL,
  release_at BIGINT NOT NULL,
  ends_at BIGINT NOT NULL,
  watch_to BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE TABLE imports (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  owner TEXT COLLATE "C" NOT NULL,
  circle TEXT COLLATE "C" NOT NULL,
  campaign TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  digest TEXT COLLATE "C" NOT NULL,
  format TEXT COLLATE "C" NOT NULL,
  position TEXT COLLATE "C" NOT NULL,
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
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  owner TEXT COLLATE "C" NOT NULL,
  circle TEXT COLLATE "C" NOT NULL,
  campaign TEXT COLLATE "C" NOT NULL,
  item TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  reason TEXT COLLATE "C" NOT NULL,
  url TEXT COLLATE "C" NOT NULL,
  location TEXT COLLATE "C" NOT NULL,
  source TEXT COLLATE "C" NOT NULL,
  reliability TEXT COLLATE "C" NOT NULL,
  credibility TEXT COLLATE "C" NOT NULL,
  handling TEXT COLLATE "C" NOT NULL,
  consent BIGINT NOT NULL,
  reference TEXT COLLATE "C" NOT NULL,
  author TEXT COLLATE "C" NOT NULL,
  note TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  language TEXT COLLATE "C" NOT NULL,
  posted_at BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  import TEXT COLLATE "C" NOT NULL,
  place TEXT COLLATE "C" NOT NULL,
  UNIQUE (import, place)
);
CREATE TABLE items (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  circle TEXT COLLATE "C" NOT NULL,
  owner TEXT COLLATE "C" NOT NULL,
  campaign TEXT COLLATE "C" NOT NULL,
  location TEXT COLLATE "C" NOT NULL,
  host TEXT COLLATE "C" NOT NULL,
  provider TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  reason TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  title TEXT COLLATE "C" NOT NULL,
  language TEXT COLLATE "C" NOT NULL,
  account TEXT COLLATE "C" NOT NULL,
  priority BIGINT NOT NULL,
  priority_why TEXT COLLATE "C" NOT NULL,
  leads BIGINT NOT NULL,
  known TEXT COLLATE "C" NOT NULL,
  seen_at BIGINT NOT NULL,
  captured_at BIGINT NOT NULL,
  media_sha256 TEXT COLLATE "C" NOT NULL,
  assessment TEXT COLLATE "C" NOT NULL,
  verdict TEXT COLLATE "C" NOT NULL,
  ground TEXT COLLATE "C" NOT NULL,
  decided_at BIGINT NOT NULL,
  line TEXT COLLATE "C" NOT NULL,
  they_say TEXT COLLATE "C" NOT NULL,
  we_saw TEXT COLLATE "C" NOT NULL,
  we_saw_cause TEXT COLLATE "C" NOT NULL,
  we_saw_at BIGINT NOT NULL,
  gone_at BIGINT NOT NULL,
  lineage TEXT COLLATE "C" NOT NULL,
  return_of TEXT COLLATE "C" NOT NULL,
  merged_into TEXT COLLATE "C" NOT NULL,
  UNIQUE (circle, location)
);
CREATE TABLE captures (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  item TEXT COLLATE "C" NOT NULL,
  owner TEXT COLLATE "C" NOT NULL,
  circle TEXT COLLATE "C" NOT NULL,
  asked TEXT COLLATE "C" NOT NULL,
  reached TEXT COLLATE "C" NOT NULL,
  outcome TEXT COLLATE "C" NOT NULL,
  status BIGINT NOT NULL,
  title TEXT COLLATE "C" NOT NULL,
  text TEXT COLLATE "C" NOT NULL,
  facts TEXT COLLATE "C" NOT NULL,
  warc TEXT COLLATE "C" NOT NULL,
  tool TEXT COLLATE "C" NOT NULL,
  vantage TEXT COLLATE "C" NOT NULL,
  why TEXT COLLATE "C" NOT NULL,
  started_at BIGINT NOT NULL,
  ended_at BIGINT NOT NULL
);
CREATE TABLE exhibits (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  item TEXT COLLATE "C" NOT NULL,
  owner TEXT COLLATE "C" NOT NULL,
  circle TEXT COLLATE "C" NOT NULL,
  capture TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  url TEXT COLLATE "C" NOT NULL,
  sha256 TEXT COLLATE "C" NOT NULL,
  md5 TEXT COLLATE "C" NOT NULL,
  bytes BIGINT NOT NULL,
  media_type TEXT COLLATE "C" NOT NULL,
  kept_at BIGINT NOT NULL
);
CREATE TABLE fingerprints (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  exhibit TEXT COLLATE "C" NOT NULL,
  item TEXT COLLATE "C" NOT NULL,
  owner TEXT COLLATE "C" NOT NULL,
  circle TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  value TEXT COLLATE "C" NOT NULL,
  quality BIGINT NOT NULL,
  frame BIGINT NOT NULL
);
CREATE TABLE candidates (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  item TEXT COLLATE "C" NOT NULL,
  other TEXT COLLATE "C" NOT NULL,
  owner TEXT COLLATE "C" NOT NULL,
  circle TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  distance BIGINT NOT NULL,
  at BIGINT NOT NULL,
  UNIQUE (item, other, kind)
);
CREATE TABLE assessments (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  item TEXT COLLATE "C" NOT NULL,
  circle TEXT COLLATE "C" NOT NULL,
  owner TEXT COLLATE "C" NOT NULL,
  officer TEXT COLLATE "C" NOT NULL,
  turn TEXT COLLATE "C" NOT NULL,
  answers TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  verdict TEXT COLLATE "C" NOT NULL,
  ground TEXT COLLATE "C" NOT NULL,
  passage TEXT COLLATE "C" NOT NULL,
  danger TEXT COLLATE "C" NOT NULL,
  purpose TEXT COLLATE "C" NOT NULL,
  purpose_why TEXT COLLATE "C" NOT NULL,
  clause TEXT COLLATE "C" NOT NULL,
  group_list TEXT COLLATE "C" NOT NULL,
  language TEXT COLLATE "C" NOT NULL,
  public BIGINT NOT NULL,
  viewed BIGINT NOT NULL,
  context BIGINT NOT NULL,
  batch TEXT COLLATE "C" NOT NULL,
  second_why TEXT COLLATE "C" NOT NULL,
  note TEXT COLLATE "C" NOT NULL,
  began_at BIGINT NOT NULL,
  given_at BIGINT NOT NULL,
  settled_at BIGINT NOT NULL,
  seconds BIGINT NOT NULL
);
CREATE TABLE queries (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  item TEXT COLLATE "C" NOT NULL,
  owner TEXT COLLATE "C" NOT NULL,
  circle TEXT COLLATE "C" NOT NULL,
  location TEXT COLLATE "C" NOT NULL,
  by_way TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  hold TEXT COLLATE "C" NOT NULL,
  until BIGINT NOT NULL,
  scope TEXT COLLATE "C" NOT NULL,
  decided_by TEXT COLLATE "C" NOT NULL,
  reason TEXT COLLATE "C" NOT NULL,
  asked_at BIGINT NOT NULL,
  answered_at BIGINT NOT NULL
);
CREATE TABLE holds (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  owner TEXT COLLATE "C" NOT NULL,
  location TEXT COLLATE "C" NOT NULL,
  host TEXT COLLATE "C" NOT NULL,
  scope TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  case_no TEXT COLLATE "C" NOT NULL,
  reason TEXT COLLATE "C" NOT NULL,
  placed_by TEXT COLLATE "C" NOT NULL,
  placed_at BIGINT NOT NULL,
  review_at BIGINT NOT NULL,
  lifted_at BIGINT NOT NULL
);
CREATE TABLE letters (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  owner TEXT COLLATE "C" NOT NULL,
  circle TEXT COLLATE "C" NOT NULL,
  campaign TEXT COLLATE "C" NOT NULL,
  provider TEXT COLLATE "C" NOT NULL,
  instrument TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  reference TEXT COLLATE "C" NOT NULL,
  channel TEXT COLLATE "C" NOT NULL,
  lines BIGINT NOT NULL,
  desk_code TEXT COLLATE "C" NOT NULL,
  drafted_by TEXT COLLATE "C" NOT NULL,
  drafted_at BIGINT NOT NULL,
  approved_by TEXT COLLATE "C" NOT NULL,
  approved_at BIGINT NOT NULL,
  checks TEXT COLLATE "C" NOT NULL,
  overrides TEXT COLLATE "C" NOT NULL,
  send_after BIGINT NOT NULL,
  sent_at BIGINT NOT NULL,
  delivered_at BIGINT NOT NULL,
  acknowledged_at BIGINT NOT NULL,
  answered_at BIGINT NOT NULL,
  closed_at BIGINT NOT NULL,
  withdrawn_at BIGINT NOT NULL,
  withdrawn_why TEXT COLLATE "C" NOT NULL,
  reminders BIGINT NOT NULL,
  remind_at BIGINT NOT NULL,
  receipt TEXT COLLATE "C" NOT NULL,
  UNIQUE (owner, reference)
);
CREATE TABLE lines (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  letter TEXT COLLATE "C" NOT NULL,
  owner TEXT COLLATE "C" NOT NULL,
  circle TEXT COLLATE "C" NOT NULL,
  item TEXT COLLATE "C" NOT NULL,
  provider TEXT COLLATE "C" NOT NULL,
  location TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  ground TEXT COLLATE "C" NOT NULL,
  clause TEXT COLLATE "C" NOT NULL,
  explanation TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  countries TEXT COLLATE "C" NOT NULL,
  reason TEXT COLLATE "C" NOT NULL,
  measure_at BIGINT NOT NULL,
  answered_at BIGINT NOT NULL,
  we_saw TEXT COLLATE "C" NOT NULL,
  we_saw_at BIGINT NOT NULL,
  gone_at BIGINT NOT NULL,
  UNIQUE (letter, item)
);
CREATE TABLE messages (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  letter TEXT COLLATE "C" NOT NULL,
  owner TEXT COLLATE "C" NOT NULL,
  circle TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  n BIGINT NOT NULL,
  channel TEXT COLLATE "C" NOT NULL,
  recipient TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  tries BIGINT NOT NULL,
  receipt TEXT COLLATE "C" NOT NULL,
  detail TEXT COLLATE "C" NOT NULL,
  written_at BIGINT NOT NULL,
  settled_at BIGINT NOT NULL,
  UNIQUE (letter, kind, n)
);
CREATE TABLE answers (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  letter TEXT COLLATE "C" NOT NULL,
  owner TEXT COLLATE "C" NOT NULL,
  circle TEXT COLLATE "C" NOT NULL,
  via TEXT COLLATE "C" NOT NULL,
  key TEXT COLLATE "C" NOT NULL,
  body TEXT COLLATE "C" NOT NULL,
  at BIGINT NOT NULL,
  UNIQUE (letter, key)
);
CREATE TABLE checks (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  item TEXT COLLATE "C" NOT NULL,
  line TEXT COLLATE "C" NOT NULL,
  letter TEXT COLLATE "C" NOT NULL,
  owner TEXT COLLATE "C" NOT NULL,
  circle TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  n BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  at BIGINT NOT NULL,
  verdict TEXT COLLATE "C" NOT NULL,
  signal TEXT COLLATE "C" NOT NULL,
  cause TEXT COLLATE "C" NOT NULL,
  places TEXT COLLATE "C" NOT NULL,
  UNIQUE (item, line, n)
);
CREATE TABLE returns (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  item TEXT COLLATE "C" NOT NULL,
  of_item TEXT COLLATE "C" NOT NULL,
  owner TEXT COLLATE "C" NOT NULL,
  circle TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  score BIGINT NOT NULL,
  signals TEXT COLLATE "C" NOT NULL,
  lineage TEXT COLLATE "C" NOT NULL,
  decided_by TEXT COLLATE "C" NOT NULL,
  reason TEXT COLLATE "C" NOT NULL,
  found_at BIGINT NOT NULL,
  decided_at BIGINT NOT NULL,
  UNIQUE (item, of_item)
);
CREATE TABLE lineages (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  owner TEXT COLLATE "C" NOT NULL,
  circle TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE TABLE generations (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  lineage TEXT COLLATE "C" NOT NULL,
  owner TEXT COLLATE "C" NOT NULL,
  circle TEXT COLLATE "C" NOT NULL,
  item TEXT COLLATE "C" NOT NULL,
  n BIGINT NOT NULL,
  from_at BIGINT NOT NULL,
  to_at BIGINT NOT NULL,
  UNIQUE (item)
);
CREATE TABLE jobs (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  kind TEXT COLLATE "C" NOT NULL,
  key TEXT COLLATE "C" NOT NULL,
  subject TEXT COLLATE "C" NOT NULL,
  payload TEXT COLLATE "C" NOT NULL,
  run_at BIGINT NOT NULL,
  tries BIGINT NOT NULL,
  max_tries BIGINT NOT NULL,
  token TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  lease_until BIGINT NOT NULL,
  error TEXT COLLATE "C" NOT NULL,
  UNIQUE (kind, key)
);
CREATE TABLE settings (
  name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  value TEXT COLLATE "C" NOT NULL
);
CREATE TABLE credentials (
  person TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  password TEXT COLLATE "C" NOT NULL,
  totp TEXT COLLATE "C" NOT NULL,
  totp_last BIGINT NOT NULL,
  failures BIGINT NOT NULL,
  locked_until BIGINT NOT NULL
);
CREATE TABLE sessions (
  hash TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  person TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  csrf TEXT COLLATE "C" NOT NULL
);
CREATE TABLE tokens (
  hash TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  id TEXT COLLATE "C" NOT NULL,
  person TEXT COLLATE "C" NOT NULL,
  owner TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  scopes TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL,
  revoked_at BIGINT NOT NULL,
  used_at BIGINT NOT NULL
);
CREATE TABLE provider_hosts (
  host TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  provider TEXT COLLATE "C" NOT NULL
);
CREATE TABLE circles (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  circle TEXT COLLATE "C" NOT NULL,
  member TEXT COLLATE "C" NOT NULL,
  UNIQUE (circle, member)
);
CREATE TABLE leases (
  item TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  queue TEXT COLLATE "C" NOT NULL,
  circle TEXT COLLATE "C" NOT NULL,
  officer TEXT COLLATE "C" NOT NULL,
  until BIGINT NOT NULL,
  token TEXT COLLATE "C" NOT NULL
);
CREATE TABLE drafts (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  person TEXT COLLATE "C" NOT NULL,
  item TEXT COLLATE "C" NOT NULL,
  body TEXT COLLATE "C" NOT NULL,
  saved_at BIGINT NOT NULL,
  UNIQUE (person, item)
);
CREATE TABLE door_tokens (
  hash TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  letter TEXT COLLATE "C" NOT NULL,
  provider TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  revoked_at BIGINT NOT NULL
);
CREATE TABLE door_sessions (
  hash TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  letter TEXT COLLATE "C" NOT NULL,
  provider TEXT COLLATE "C" NOT NULL,
  code_hash TEXT COLLATE "C" NOT NULL,
  code_tries BIGINT NOT NULL,
  code_expires BIGINT NOT NULL,
  code_sent BIGINT NOT NULL,
  proven_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  draft TEXT COLLATE "C" NOT NULL
);
CREATE TABLE events (
  n BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
  id TEXT COLLATE "C" NOT NULL UNIQUE,
  seq BIGINT UNIQUE,
  stream TEXT COLLATE "C" NOT NULL,
  at BIGINT NOT NULL,
  owner TEXT COLLATE "C" NOT NULL,
  circle TEXT COLLATE "C" NOT NULL,
  act TEXT COLLATE "C" NOT NULL,
  noun TEXT COLLATE "C" NOT NULL,
  subject TEXT COLLATE "C" NOT NULL,
  actor TEXT COLLATE "C" NOT NULL,
  actor_salt TEXT COLLATE "C" NOT NULL,
  leaf BYTEA NOT NULL
);
CREATE INDEX events_unsequenced ON events (n) WHERE seq IS NULL;
CREATE INDEX events_subject ON events (subject, n);
CREATE INDEX events_circle ON events (circle, n);
CREATE TABLE event_fields (
  event TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  salt TEXT COLLATE "C" NOT NULL,
  value TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (event, name)
);
CREATE TABLE tree_blocks (
  n BIGINT NOT NULL PRIMARY KEY,
  hashes BYTEA NOT NULL
);
CREATE TABLE checkpoints (
  size BIGINT NOT NULL PRIMARY KEY,
  note TEXT COLLATE "C" NOT NULL,
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
