-- +goose Up
-- Subscriptions and instalment plans, by the id that their payments share. The
-- row is locked by whatever decides on one of the payments, so that those which
-- come at once see the decision they follow (D23).
CREATE TABLE {wp}partner_center_subscriptions (
  source VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  external_id VARCHAR(190) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  PRIMARY KEY (source, external_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
