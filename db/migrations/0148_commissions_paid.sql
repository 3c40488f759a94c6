-- +goose Up
-- paid_base is what was left of the line's base when the commission went into the
-- payout that stands, clawed what refunds took back since: both for # Refunds and
-- Total Refunds (S40, S41). The key finds what a partner has pending, for totals.
ALTER TABLE {wp}pc_commissions
  ADD COLUMN paid_base DECIMAL(19,4) NULL,
  ADD COLUMN clawed DECIMAL(19,4) NOT NULL DEFAULT 0,
  ADD KEY {wp}pc_commissions_stage (partner_id, status, currency, amount);
