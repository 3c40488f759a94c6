-- +goose Up
-- The mail outbox: written in the transaction of the event, once for each event
-- and recipient, sent by whoever holds the lease.
CREATE TABLE {wp}partner_center_mails (
  id BIGINT NOT NULL AUTO_INCREMENT,
  event VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  recipient VARCHAR(190) NOT NULL,
  wp_user_id BIGINT NULL,
  kind VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  subject VARCHAR(255) NOT NULL,
  body_text MEDIUMTEXT NOT NULL,
  body_html MEDIUMTEXT NOT NULL,
  state VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  attempts SMALLINT NOT NULL DEFAULT 0,
  next_at DATETIME(6) NOT NULL,
  sent_at DATETIME(6) NULL,
  error VARCHAR(500) NOT NULL DEFAULT '',
  created_at DATETIME(6) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY {wp}partner_center_mails_once (event, recipient),
  KEY {wp}partner_center_mails_due (state, next_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
