-- +goose Up
-- Flat commissions of terms, one currency each; never converted (D27).
CREATE TABLE {wp}partner_center_term_flats (
  term_id BIGINT NOT NULL,
  currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  level1 DECIMAL(19,4) NOT NULL,
  level2 DECIMAL(19,4) NOT NULL,
  PRIMARY KEY (term_id, currency)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
