-- +goose Up
-- The contacts of each reset, as they were listed when it was made.
CREATE TABLE {wp}partner_center_reset_contacts (
  contact_id BIGINT NOT NULL,
  reset_id BIGINT NOT NULL,
  PRIMARY KEY (contact_id, reset_id),
  KEY {wp}partner_center_reset_contacts_reset (reset_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
