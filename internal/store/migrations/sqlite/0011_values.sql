-- +goose Up
-- Only marks and digests are looked up by value; the signatures of texts and sites are long, and were indexed for nothing.
DROP INDEX fingerprints_value;
CREATE INDEX fingerprints_value ON fingerprints (kind, value) WHERE kind = 'mark' OR kind = 'sha256';

-- +goose Down
DROP INDEX fingerprints_value;
CREATE INDEX fingerprints_value ON fingerprints (kind, value);
