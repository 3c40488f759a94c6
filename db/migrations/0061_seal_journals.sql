-- +goose Up
-- Seals the journals that were written before there were seals.
UPDATE {wp}partner_center_journals SET seal = UNHEX(SHA2(CONCAT_WS('|', partner_id, currency, COALESCE(seq, ''), kind,
  COALESCE(payout_line_id, ''), COALESCE(related_id, ''), occurred_at, day, recorded_at, actor, reason), 256));
