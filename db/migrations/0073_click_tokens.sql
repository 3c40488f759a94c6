-- +goose Up
-- Tokens pct= that were turned into a click's cookie, by their visit: each works
-- once (D35). Pruned a day later, long after they have expired.
CREATE TABLE {wp}partner_center_click_tokens (
  visit_id BIGINT NOT NULL,
  used_at DATETIME(6) NOT NULL,
  PRIMARY KEY (visit_id),
  KEY {wp}partner_center_click_tokens_used (used_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
