-- +goose Up
-- Who accepted which version of a program's terms: with the sign-up form, or later
-- in the center.
CREATE TABLE {wp}partner_center_signup_accepted (
  id BIGINT NOT NULL AUTO_INCREMENT,
  partner_id BIGINT NOT NULL,
  terms_id BIGINT NOT NULL,
  way VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  accepted_at DATETIME(6) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY {wp}partner_center_signup_accepted_once (partner_id, terms_id),
  KEY {wp}partner_center_signup_accepted_terms (terms_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
