-- +goose Up
-- What the shop's bank or PayPal calls a payment that was made elsewhere.
ALTER TABLE {wp}partner_center_payout_lines ADD COLUMN reference VARCHAR(100) NOT NULL DEFAULT '' AFTER check_number;
