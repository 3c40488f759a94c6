-- +goose Up
-- Every saved version of a program's policy, the rules by which its sales earn;
-- an order is judged by the one in force when it was placed (S129-S133, S148).
CREATE TABLE {wp}partner_center_policies (
  program_id BIGINT NOT NULL,
  version INT NOT NULL,
  data MEDIUMTEXT NOT NULL,
  saved_at DATETIME(6) NOT NULL,
  actor VARCHAR(190) NOT NULL,
  PRIMARY KEY (program_id, version),
  KEY {wp}partner_center_policies_saved (program_id, saved_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
