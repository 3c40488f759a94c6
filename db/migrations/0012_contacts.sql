-- +goose Up
-- People known by e-mail (case-folded). The first and last referrer are the result
-- of folding the contact's touchpoints in the order in which they happened (S64-S70).
-- Deleted contacts keep their row, because orders and the books name it (S102);
-- their address is free again.
-- …_proof says how it is known that the contact came by the referrer (D41).
CREATE TABLE {wp}partner_center_contacts (
  id BIGINT NOT NULL AUTO_INCREMENT,
  email VARCHAR(190) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  first_name VARCHAR(100) NOT NULL DEFAULT '',
  last_name VARCHAR(100) NOT NULL DEFAULT '',
  company VARCHAR(190) NOT NULL DEFAULT '',
  origin VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  wp_user_id BIGINT NULL,
  created_at DATETIME(6) NOT NULL,
  updated_at DATETIME(6) NOT NULL,
  first_partner_id BIGINT NULL,
  first_tool_id BIGINT NULL,
  first_subid VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  first_visit_id BIGINT NULL,
  first_at DATETIME(6) NULL,
  first_proof VARCHAR(9) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  last_partner_id BIGINT NULL,
  last_tool_id BIGINT NULL,
  last_subid VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  last_visit_id BIGINT NULL,
  last_at DATETIME(6) NULL,
  last_proof VARCHAR(9) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  deleted_at DATETIME(6) NULL,
  PRIMARY KEY (id),
  UNIQUE KEY {wp}partner_center_contacts_email (email),
  KEY {wp}partner_center_contacts_user (wp_user_id),
  KEY {wp}partner_center_contacts_first (first_partner_id),
  KEY {wp}partner_center_contacts_last (last_partner_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
