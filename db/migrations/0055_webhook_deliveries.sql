-- +goose Up
-- What is told to whom: written in the transaction of the event, once for each
-- address, delivered in the order of ids for each object.
CREATE TABLE {wp}partner_center_webhook_deliveries (
  id BIGINT NOT NULL AUTO_INCREMENT,
  webhook_id BIGINT NOT NULL,
  event_key VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  event VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  object VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  object_id BIGINT NOT NULL,
  facts MEDIUMTEXT NOT NULL,
  state VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  attempts SMALLINT NOT NULL DEFAULT 0,
  next_at DATETIME(6) NOT NULL,
  status SMALLINT NOT NULL DEFAULT 0,
  error VARCHAR(300) NOT NULL DEFAULT '',
  created_at DATETIME(6) NOT NULL,
  done_at DATETIME(6) NULL,
  PRIMARY KEY (id),
  UNIQUE KEY {wp}partner_center_webhook_deliveries_once (webhook_id, event_key),
  KEY {wp}partner_center_webhook_deliveries_due (state, next_at, webhook_id),
  KEY {wp}partner_center_webhook_deliveries_object (webhook_id, object, object_id, state)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
