-- +goose Up
-- What a check needs, why a line was paid below the threshold, and why and when
-- a payment came back.
ALTER TABLE {wp}pc_payout_lines
  ADD COLUMN payee VARCHAR(190) NOT NULL DEFAULT '',
  ADD COLUMN address VARCHAR(500) NOT NULL DEFAULT '',
  ADD COLUMN check_number VARCHAR(40) NOT NULL DEFAULT '',
  ADD COLUMN exception VARCHAR(255) NOT NULL DEFAULT '',
  ADD COLUMN returned_at DATETIME(6) NULL,
  ADD COLUMN return_reason VARCHAR(255) NOT NULL DEFAULT '',
  ADD KEY {wp}pc_payout_lines_day (day, id);
