-- +goose Up
-- What a call with an idempotency key was answered, so that its repeat is told
-- the same. status 0: the call is being carried out since started_at.
CREATE TABLE {wp}partner_center_api_answers (
  key_id BIGINT NOT NULL,
  idempotency_key VARCHAR(190) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  request BINARY(32) NOT NULL,
  status SMALLINT NOT NULL,
  body MEDIUMTEXT NOT NULL,
  started_at DATETIME(6) NOT NULL,
  PRIMARY KEY (key_id, idempotency_key),
  KEY {wp}partner_center_api_answers_age (started_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
