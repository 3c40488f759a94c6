-- +goose Up
-- The managed list of product groups of promo tools (S46).
CREATE TABLE {wp}partner_center_tool_groups (
  id BIGINT NOT NULL AUTO_INCREMENT,
  name VARCHAR(100) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY {wp}partner_center_tool_groups_name (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
