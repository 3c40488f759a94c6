-- +goose Up
-- A payout line pays commissions and manual entries: one of the two ids is 0.
ALTER TABLE {wp}pc_payout_items
  ADD COLUMN manual_id BIGINT NOT NULL DEFAULT 0 AFTER commission_id,
  DROP PRIMARY KEY,
  ADD PRIMARY KEY (line_id, commission_id, manual_id),
  ADD KEY {wp}pc_payout_items_manual (manual_id);
