-- +goose Up
-- Sales that partners miss (B13): what they know of one, which order it may be, and
-- what they were answered. number, email and note are theirs and can be emptied.
CREATE TABLE {wp}partner_center_missing_sales (
  id BIGINT NOT NULL AUTO_INCREMENT,
  partner_id BIGINT NOT NULL,
  number VARCHAR(190) NOT NULL DEFAULT '',
  email VARCHAR(190) NOT NULL DEFAULT '',
  day DATE NOT NULL,
  note VARCHAR(1000) NOT NULL DEFAULT '',
  order_id BIGINT NULL,
  asked_at DATETIME(6) NOT NULL,
  answer VARCHAR(1000) NOT NULL DEFAULT '',
  actor VARCHAR(190) NOT NULL DEFAULT '',
  answered_at DATETIME(6) NULL,
  PRIMARY KEY (id),
  KEY {wp}partner_center_missing_sales_partner (partner_id, asked_at),
  KEY {wp}partner_center_missing_sales_open (answered_at, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
