-- +goose Up
-- When a commission is approved by itself, NULL: never (S133). not_before, which
-- was there unused, is until when it is on hold (S76).
ALTER TABLE {wp}pc_commissions
  ADD COLUMN approve_at DATETIME(6) NULL,
  ADD KEY {wp}pc_commissions_approve (status, approve_at);
