-- +goose Up
-- Which partner was in which program when, and who recruited them there (D2, D5).
-- active is 1 on the running one and NULL on ended ones, which makes it unique.
-- signup_at survives moves between programs (S39, S98). recruiter_from is NULL
-- until the partner has logged in, when a form made them one: only sales from then
-- on earn on level 2 (D42).
CREATE TABLE {wp}partner_center_memberships (
  id BIGINT NOT NULL AUTO_INCREMENT,
  partner_id BIGINT NOT NULL,
  program_id BIGINT NOT NULL,
  recruiter_id BIGINT NULL,
  signup_at DATETIME(6) NOT NULL,
  started_at DATETIME(6) NOT NULL,
  ended_at DATETIME(6) NULL,
  active TINYINT NULL DEFAULT 1,
  recruiter_from DATETIME(6) NULL,
  PRIMARY KEY (id),
  UNIQUE KEY {wp}partner_center_memberships_active (partner_id, active),
  KEY {wp}partner_center_memberships_program (program_id, active),
  KEY {wp}partner_center_memberships_recruiter (recruiter_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
