-- +goose Up
-- The sales of some days over all partners: figures of the overview and of reports.
CREATE INDEX {wp}partner_center_commissions_day ON {wp}partner_center_commissions (day, id);
