-- +goose Up
CREATE INDEX door_sessions_letter ON door_sessions (letter);
