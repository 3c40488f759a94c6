-- +goose Up
-- How many sign-up forms came in ten minutes from a network, or had us write to an
-- address: who is a hash of what and whose, slot the time in units of ten minutes.
-- Pruned after a month.
CREATE TABLE {wp}partner_center_signup_tries (
  who BINARY(16) NOT NULL,
  slot INT NOT NULL,
  times INT NOT NULL,
  PRIMARY KEY (who, slot),
  KEY {wp}partner_center_signup_tries_slot (slot)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
