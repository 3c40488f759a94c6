-- +goose Up
-- What people are to be written about: a row of ids, added in the transaction in
-- which it happens, so that a letter that cannot be written undoes nothing and is
-- not lost either. The mail itself is written from it, once for each recipient.
CREATE TABLE {wp}partner_center_message_events (
  id BIGINT NOT NULL AUTO_INCREMENT,
  once_key VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  occasion VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  program_id BIGINT NOT NULL,
  partner_id BIGINT NOT NULL,
  facts TEXT NOT NULL,
  state VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  attempts SMALLINT NOT NULL DEFAULT 0,
  next_at DATETIME(6) NOT NULL,
  done_at DATETIME(6) NULL,
  error VARCHAR(500) NOT NULL DEFAULT '',
  created_at DATETIME(6) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY {wp}partner_center_message_events_once (once_key),
  KEY {wp}partner_center_message_events_due (state, next_at),
  KEY {wp}partner_center_message_events_done (done_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
