-- +goose Up
-- What a partner had sold in a program when it was looked at last, by currency ('':
-- the number of sales): a milestone is reached when it lies between this and what
-- they have sold now.
CREATE TABLE {wp}partner_center_milestone_standings (
  partner_id BIGINT NOT NULL,
  program_id BIGINT NOT NULL,
  currency VARCHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  amount DECIMAL(19,4) NOT NULL,
  updated_at DATETIME(6) NOT NULL,
  PRIMARY KEY (partner_id, program_id, currency)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
