-- +goose Up
-- Who has passed a milestone, once for ever: with a mail, or without one, when a
-- higher one was reached at once or the milestone came later.
CREATE TABLE {wp}partner_center_milestone_passes (
  milestone_id BIGINT NOT NULL,
  contact_id BIGINT NOT NULL,
  partner_id BIGINT NOT NULL,
  mailed TINYINT NOT NULL,
  passed_at DATETIME(6) NOT NULL,
  PRIMARY KEY (milestone_id, contact_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
