-- +goose Up
-- Fields of contacts that the site has added to those that every contact has (S32).
-- choices: one in each line, of the kind choice. in_profile: partners see it in
-- their profile and change it there; on_signup: the sign-up form asks for it.
CREATE TABLE {wp}partner_center_contact_fields (
  id BIGINT NOT NULL AUTO_INCREMENT,
  name VARCHAR(60) NOT NULL,
  kind VARCHAR(6) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  choices TEXT NOT NULL,
  in_profile TINYINT NOT NULL,
  on_signup TINYINT NOT NULL,
  required TINYINT NOT NULL,
  position INT NOT NULL,
  created_at DATETIME(6) NOT NULL,
  updated_at DATETIME(6) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY {wp}partner_center_contact_fields_name (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
