-- +goose Up
-- Items whose fingerprints changed, numbered in the order the changes were committed: what copies of the match index
-- follow. Derived from the fingerprints, no part of the record.
CREATE TABLE match_changes (
  n BIGINT NOT NULL PRIMARY KEY,
  item TEXT NOT NULL
);
-- When the captured page says its content appeared; 0 where it says nothing.
CREATE TABLE published (
  item TEXT NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL
);
-- Most items that resemble a new one are undecided: this tells so without reading them.
CREATE INDEX items_decided ON items (id) WHERE verdict <> '';
CREATE INDEX returns_item ON returns (item);
