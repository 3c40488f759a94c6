-- +goose Up
-- Sign-up forms that take effect only once their mailbox has confirmed, or the
-- account's owner after a log-in (D42). waiting is NULL on those that are over.
-- Of the mailed token only the hash is kept.
CREATE TABLE {wp}partner_center_applications (
  id BIGINT NOT NULL AUTO_INCREMENT,
  form_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  program_id BIGINT NOT NULL,
  email VARCHAR(190) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  first_name VARCHAR(100) NOT NULL DEFAULT '',
  last_name VARCHAR(100) NOT NULL DEFAULT '',
  company VARCHAR(190) NOT NULL DEFAULT '',
  payment_method VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  paypal_email VARCHAR(190) NOT NULL DEFAULT '',
  click VARCHAR(512) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  visitor VARCHAR(120) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  page VARCHAR(255) NOT NULL DEFAULT '',
  token BINARY(32) NOT NULL,
  waiting TINYINT NULL DEFAULT 1,
  applied_at DATETIME(6) NOT NULL,
  expires_at DATETIME(6) NOT NULL,
  done_at DATETIME(6) NULL,
  outcome VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  UNIQUE KEY {wp}partner_center_applications_form (form_id),
  UNIQUE KEY {wp}partner_center_applications_token (token),
  KEY {wp}partner_center_applications_email (email, waiting, applied_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
