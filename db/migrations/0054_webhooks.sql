-- +goose Up
-- Addresses of other programs that are told of events: webhooks of the site, and
-- postbacks of a partner, whose URL holds placeholders. events are separated by
-- blanks. retry_at: it failed the last times, and is left alone until then.
CREATE TABLE {wp}partner_center_webhooks (
  id BIGINT NOT NULL AUTO_INCREMENT,
  code VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  kind VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name VARCHAR(100) NOT NULL,
  partner_id BIGINT NULL,
  url VARCHAR(2000) NOT NULL,
  events VARCHAR(500) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  ring_key INT NOT NULL,
  failures INT NOT NULL DEFAULT 0,
  retry_at DATETIME(6) NULL,
  created_by VARCHAR(190) NOT NULL,
  created_at DATETIME(6) NOT NULL,
  removed_at DATETIME(6) NULL,
  PRIMARY KEY (id),
  UNIQUE KEY {wp}partner_center_webhooks_code (code),
  KEY {wp}partner_center_webhooks_partner (partner_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
