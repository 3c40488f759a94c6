-- +goose Up
-- The partner whom a mail is about, so that it stands on their page.
ALTER TABLE {wp}partner_center_mails ADD COLUMN partner_id BIGINT NULL AFTER wp_user_id;
