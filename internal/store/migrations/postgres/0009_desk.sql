-- +goose Up
-- Where an item waits for a look: new, second, third, none. It is the desk's working state, no part of the item's record.
ALTER TABLE items ADD COLUMN queue TEXT COLLATE "C" NOT NULL DEFAULT 'new';
CREATE INDEX items_desk ON items (circle, queue, priority DESC, seen_at, location) WHERE state IN ('captured', 'not_captured');
CREATE INDEX assessments_looked ON assessments (item, officer);
CREATE INDEX items_by_host ON items (host, kind);
CREATE INDEX items_account ON items (account) WHERE account <> '';
CREATE INDEX queries_hold ON queries (hold);
CREATE INDEX holds_owner ON holds (owner, state, review_at);
