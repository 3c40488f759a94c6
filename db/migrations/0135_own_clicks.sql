-- +goose Up
-- The latest click of each partner on a link of their own, which never counts: by
-- it they see that the link works (S63). It names no visitor.
CREATE TABLE {wp}partner_center_own_clicks (
  partner_id INT NOT NULL,
  tool_id INT NOT NULL,
  clicked_at DATETIME(6) NOT NULL,
  PRIMARY KEY (partner_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
