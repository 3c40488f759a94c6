-- +goose Up
-- Changed PayPal addresses that wait for confirmation from both mailboxes (S145).
-- waiting is 1 on the one that waits and NULL on those that are over, which makes
-- it unique. Of the tokens only hashes are kept.
CREATE TABLE {wp}partner_center_paypal_changes (
  id BIGINT NOT NULL AUTO_INCREMENT,
  partner_id BIGINT NOT NULL,
  waiting TINYINT NULL DEFAULT 1,
  old_email VARCHAR(190) NOT NULL,
  new_email VARCHAR(190) NOT NULL,
  old_token BINARY(32) NOT NULL,
  new_token BINARY(32) NOT NULL,
  old_confirmed_at DATETIME(6) NULL,
  new_confirmed_at DATETIME(6) NULL,
  asked_at DATETIME(6) NOT NULL,
  expires_at DATETIME(6) NOT NULL,
  done_at DATETIME(6) NULL,
  outcome VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  UNIQUE KEY {wp}partner_center_paypal_changes_waiting (partner_id, waiting),
  KEY {wp}partner_center_paypal_changes_old (old_token),
  KEY {wp}partner_center_paypal_changes_new (new_token)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
