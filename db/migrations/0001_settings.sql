-- +goose Up
-- Every saved version of the global settings; the highest is in force (S3, S10).
-- Older ones stay, because decisions name the version they were made under.
CREATE TABLE {wp}partner_center_settings (
  version INT NOT NULL AUTO_INCREMENT,
  data MEDIUMTEXT NOT NULL,
  saved_at DATETIME(6) NOT NULL,
  actor VARCHAR(190) NOT NULL,
  PRIMARY KEY (version)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
