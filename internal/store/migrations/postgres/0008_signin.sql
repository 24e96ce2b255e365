-- +goose Up
CREATE TABLE signin_links (
  hash TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  person TEXT COLLATE "C" NOT NULL,
  purpose TEXT COLLATE "C" NOT NULL,
  totp TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT NOT NULL
);
CREATE INDEX signin_links_person ON signin_links (purpose, person);
CREATE INDEX people_owner ON people (owner, login);
CREATE INDEX sessions_person ON sessions (person);
CREATE INDEX sessions_expiry ON sessions (expires_at);
CREATE INDEX tokens_person ON tokens (person, created_at);
CREATE INDEX providers_key ON providers (answer_key);
