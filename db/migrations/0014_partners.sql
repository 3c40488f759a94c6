-- +goose Up
-- Contacts who promote. code is the public name in links; payee and address are
-- whom a check is made out to, and where it goes (S136).
-- payment_unconfirmed: the PayPal address came by a form that was not logged in,
-- and nobody is paid by it (D42). claimed_at: since when the partner has used the account.
-- address_limit: how many addresses one click or network may name, 0 for the settings' (D41).
CREATE TABLE {wp}partner_center_partners (
  id BIGINT NOT NULL AUTO_INCREMENT,
  code VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  contact_id BIGINT NOT NULL,
  wp_user_id BIGINT NULL,
  state VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  payment_method VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  paypal_email VARCHAR(190) NOT NULL DEFAULT '',
  created_at DATETIME(6) NOT NULL,
  updated_at DATETIME(6) NOT NULL,
  payee VARCHAR(190) NOT NULL DEFAULT '',
  address VARCHAR(500) NOT NULL DEFAULT '',
  payment_unconfirmed TINYINT NOT NULL DEFAULT 0,
  claimed_at DATETIME(6) NULL,
  address_limit INT NOT NULL DEFAULT 0,
  PRIMARY KEY (id),
  UNIQUE KEY {wp}partner_center_partners_code (code),
  UNIQUE KEY {wp}partner_center_partners_contact (contact_id),
  UNIQUE KEY {wp}partner_center_partners_user (wp_user_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
