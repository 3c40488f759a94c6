-- +goose Up
-- The latest calls of the API with their outcome, for admins who connect a
-- program. key_id is NULL where the caller was not recognized.
CREATE TABLE {wp}partner_center_api_calls (
  id BIGINT NOT NULL AUTO_INCREMENT,
  key_id BIGINT NULL,
  at DATETIME(6) NOT NULL,
  method VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  path VARCHAR(300) NOT NULL,
  status SMALLINT NOT NULL,
  outcome VARCHAR(300) NOT NULL,
  micros INT NOT NULL,
  PRIMARY KEY (id),
  KEY {wp}partner_center_api_calls_key (key_id, id),
  KEY {wp}partner_center_api_calls_age (at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
