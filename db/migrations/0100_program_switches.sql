-- +goose Up
-- What partners of a program are shown and told (S18-S20).
ALTER TABLE {wp}pc_programs
  ADD COLUMN show_declined TINYINT NOT NULL DEFAULT 0,
  ADD COLUMN show_history TINYINT NOT NULL DEFAULT 0,
  ADD COLUMN notify_earned TINYINT NOT NULL DEFAULT 0;
