-- +goose Up
-- Messages that an admin has written: subject and text with merge fields. The
-- HTML is cleaned when it is saved; a plain text of "" is made of the HTML.
CREATE TABLE {wp}partner_center_messages (
  id BIGINT NOT NULL AUTO_INCREMENT,
  name VARCHAR(190) NOT NULL,
  occasion VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  subject VARCHAR(255) NOT NULL,
  body_html MEDIUMTEXT NOT NULL,
  body_text MEDIUMTEXT NOT NULL,
  created_at DATETIME(6) NOT NULL,
  updated_at DATETIME(6) NOT NULL,
  archived_at DATETIME(6) NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
