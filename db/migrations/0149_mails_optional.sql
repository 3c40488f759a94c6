-- +goose Up
-- 1: whoever gets the mail can ask for no more of its kind.
ALTER TABLE {wp}partner_center_mails ADD COLUMN optional TINYINT NOT NULL DEFAULT 0 AFTER kind;
