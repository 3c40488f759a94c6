-- +goose Up
-- Which mails a partner wants beside those that they need. Without a row: all.
CREATE TABLE {wp}partner_center_partner_mails (
  partner_id BIGINT NOT NULL,
  per_sale TINYINT NOT NULL,
  per_payment TINYINT NOT NULL,
  monthly TINYINT NOT NULL,
  updated_at DATETIME(6) NOT NULL,
  PRIMARY KEY (partner_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
