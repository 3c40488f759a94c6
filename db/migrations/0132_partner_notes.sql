-- +goose Up
-- What admins note about a partner, for themselves.
CREATE TABLE {wp}partner_center_partner_notes (
  id BIGINT NOT NULL AUTO_INCREMENT,
  partner_id BIGINT NOT NULL,
  form_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  written_at DATETIME(6) NOT NULL,
  actor VARCHAR(190) NOT NULL,
  note TEXT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY {wp}partner_center_partner_notes_form (form_id),
  KEY {wp}partner_center_partner_notes_partner (partner_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
