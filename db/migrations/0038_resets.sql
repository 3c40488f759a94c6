-- +goose Up
-- Resets of referral right: from made_at on, until undone_at, only later clicks
-- let a referrer of the contacts earn. No referrer is deleted (S130, S132).
CREATE TABLE {wp}partner_center_resets (
  id BIGINT NOT NULL AUTO_INCREMENT,
  made_at DATETIME(6) NOT NULL,
  actor VARCHAR(190) NOT NULL,
  reason VARCHAR(255) NOT NULL,
  contacts INT NOT NULL,
  undone_at DATETIME(6) NULL,
  undone_by VARCHAR(190) NOT NULL DEFAULT '',
  PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
