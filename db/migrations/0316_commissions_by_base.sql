-- +goose Up
-- The admins' list of commissions stands by sale, of very many without sorting them.
CREATE INDEX {wp}partner_center_commissions_base ON {wp}partner_center_commissions (base, id);
