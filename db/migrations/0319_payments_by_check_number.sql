-- +goose Up
-- Payments are searched by the start of their check number.
CREATE INDEX {wp}partner_center_payout_lines_check ON {wp}partner_center_payout_lines (check_number);
