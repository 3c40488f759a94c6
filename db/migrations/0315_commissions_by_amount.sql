-- +goose Up
-- The admins' list of commissions stands by amount, of very many without sorting them.
CREATE INDEX {wp}partner_center_commissions_amount ON {wp}partner_center_commissions (amount, id);
