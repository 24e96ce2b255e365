-- +goose Up
-- Each index for a question that is asked again and again, so that its cost does not grow with the number of items.
DROP INDEX items_queue; -- the queues are asked through items_desk
DROP INDEX items_verdict;
DROP INDEX items_decided;
CREATE INDEX items_ready ON items (circle, provider, location) WHERE line = '' AND verdict IN ('terrorist_content', 'terms_only');
DROP INDEX leads_item;
CREATE INDEX leads_item ON leads (item, owner);
CREATE INDEX letters_owner ON letters (owner, state);
CREATE INDEX door_sessions_age ON door_sessions (created_at);

-- +goose Down
DROP INDEX door_sessions_age;
DROP INDEX letters_owner;
DROP INDEX leads_item;
CREATE INDEX leads_item ON leads (item);
DROP INDEX items_ready;
CREATE INDEX items_decided ON items (id) WHERE verdict <> '';
CREATE INDEX items_verdict ON items (circle, verdict, provider, line);
CREATE INDEX items_queue ON items (circle, state, priority, id);
