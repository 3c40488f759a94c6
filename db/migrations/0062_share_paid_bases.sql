-- +goose Up
-- What a commission is paid on is its own share of the line's base, not all of that.
UPDATE {wp}partner_center_commissions
  SET paid_base = GREATEST(LEAST(paid_base, granted_base), LEAST(base, granted_base)) WHERE paid_base IS NOT NULL;
