-- +goose Up
-- Finds the mails of a partner.
CREATE INDEX {wp}partner_center_mails_partner ON {wp}partner_center_mails (partner_id, id);
