-- +goose Up
-- Who is credited for an order and why: decided once per generation, a re-run
-- begins the next (D16, D24). trace is the whole reasoning (B2).
CREATE TABLE {wp}pc_decisions (
  id BIGINT NOT NULL AUTO_INCREMENT,
  order_id BIGINT NOT NULL,
  generation SMALLINT NOT NULL,
  reason VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  via VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  partner_id BIGINT NULL,
  recruiter_id BIGINT NULL,
  program_id BIGINT NULL,
  membership_id BIGINT NULL,
  tool_id BIGINT NULL,
  subid VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  settings_version INT NOT NULL,
  decided_at DATETIME(6) NOT NULL,
  actor VARCHAR(190) NOT NULL,
  trace MEDIUMTEXT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY {wp}pc_decisions_generation (order_id, generation),
  KEY {wp}pc_decisions_partner (partner_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
