-- +goose Up
-- Promo tools (S42-S54). code is the public name in links. image_id is an
-- attachment of the media library.
CREATE TABLE {wp}partner_center_tools (
  id BIGINT NOT NULL AUTO_INCREMENT,
  code VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  program_id BIGINT NOT NULL,
  kind VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name VARCHAR(190) NOT NULL,
  target_url VARCHAR(2000) NOT NULL,
  group_id BIGINT NULL,
  campaign VARCHAR(100) NOT NULL DEFAULT '',
  ad VARCHAR(100) NOT NULL DEFAULT '',
  image_id BIGINT NULL,
  subject VARCHAR(255) NOT NULL DEFAULT '',
  body_html MEDIUMTEXT NULL,
  body_text MEDIUMTEXT NULL,
  created_at DATETIME(6) NOT NULL,
  updated_at DATETIME(6) NOT NULL,
  archived_at DATETIME(6) NULL,
  PRIMARY KEY (id),
  UNIQUE KEY {wp}partner_center_tools_code (code),
  KEY {wp}partner_center_tools_program (program_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
