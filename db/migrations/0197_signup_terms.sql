-- +goose Up
-- The terms of a program, each version as it was published; the highest counts. An
-- empty text: the program has none from then on. applies_from is a day of the site.
CREATE TABLE {wp}partner_center_signup_terms (
  id BIGINT NOT NULL AUTO_INCREMENT,
  program_id BIGINT NOT NULL,
  version INT NOT NULL,
  body MEDIUMTEXT NOT NULL,
  applies_from DATE NOT NULL,
  published_at DATETIME(6) NOT NULL,
  actor VARCHAR(190) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY {wp}partner_center_signup_terms_version (program_id, version)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
