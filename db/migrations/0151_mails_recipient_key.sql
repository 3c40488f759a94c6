-- +goose Up
-- Finds what a mailbox was sent lately, so that it is not flooded.
CREATE INDEX {wp}partner_center_mails_recipient ON {wp}partner_center_mails (recipient, sent_at);
