-- +goose Up
-- A journal is of a commission or of a manual entry, each with its own count.
ALTER TABLE {wp}pc_journals
  ADD COLUMN manual_id BIGINT NULL AFTER commission_id,
  ADD UNIQUE KEY {wp}pc_journals_manual (manual_id, seq);
