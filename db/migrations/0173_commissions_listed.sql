-- +goose Up
-- The admins' list of commissions is counted, added up, sorted and narrowed by this
-- index alone, without the rows.
CREATE INDEX {wp}partner_center_commissions_listed ON {wp}partner_center_commissions
  (status, day, id, currency, amount, base, not_before, occurred_at, order_id, partner_id, program_id, tool_id, product_id);
