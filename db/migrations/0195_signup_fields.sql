-- +goose Up
-- What the sign-up form of a program asks beyond name and address: company, site,
-- promotion, or an own field of contacts (own_12). ask is no, optional or required;
-- without a row the first three are not asked, and own fields as they say themselves.
CREATE TABLE {wp}partner_center_signup_fields (
  program_id BIGINT NOT NULL,
  field VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  ask VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (program_id, field)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
