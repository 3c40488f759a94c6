-- +goose Up
-- How mails are sent and what they look like: one row. The password of the mail
-- server is encrypted with a key of ours.
CREATE TABLE {wp}partner_center_mail_settings (
  id TINYINT NOT NULL,
  version INT NOT NULL,
  data TEXT NOT NULL,
  password VARBINARY(600) NULL,
  updated_at DATETIME(6) NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
