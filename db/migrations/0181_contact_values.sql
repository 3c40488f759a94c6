-- +goose Up
-- What contacts have in the site's own fields (S32); a blank has no row. Numbers
-- are written like 12.5, dates like 2026-01-31, yes or no as these words.
CREATE TABLE {wp}partner_center_contact_values (
  contact_id BIGINT NOT NULL,
  field_id BIGINT NOT NULL,
  value VARCHAR(500) NOT NULL,
  PRIMARY KEY (contact_id, field_id),
  KEY {wp}partner_center_contact_values_field (field_id, contact_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
