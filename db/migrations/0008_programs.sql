-- +goose Up
-- Partner programs (S11-S17), and what their partners are shown and told (S18-S20).
-- code is the public name in sign-up links.
-- confirm_first: every sign-up waits until its mailbox has confirmed (D42).
CREATE TABLE {wp}partner_center_programs (
  id BIGINT NOT NULL AUTO_INCREMENT,
  code VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name VARCHAR(190) NOT NULL,
  tiers TINYINT NOT NULL,
  visibility VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  signup VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  show_pending TINYINT NOT NULL DEFAULT 1,
  welcome_tool_id BIGINT NULL,
  created_at DATETIME(6) NOT NULL,
  updated_at DATETIME(6) NOT NULL,
  archived_at DATETIME(6) NULL,
  show_declined TINYINT NOT NULL DEFAULT 0,
  show_history TINYINT NOT NULL DEFAULT 0,
  notify_earned TINYINT NOT NULL DEFAULT 0,
  confirm_first TINYINT NOT NULL DEFAULT 0,
  PRIMARY KEY (id),
  UNIQUE KEY {wp}partner_center_programs_code (code)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
