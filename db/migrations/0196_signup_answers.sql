-- +goose Up
-- What sign-up forms answered, one row for each question; form_id is that of the
-- application or of the contact's form. partner_id is NULL while the form waits for
-- its mailbox. The version of the terms that was ticked is the answer to "terms".
CREATE TABLE {wp}partner_center_signup_answers (
  id BIGINT NOT NULL AUTO_INCREMENT,
  form_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  partner_id BIGINT NULL,
  field VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  answer TEXT NOT NULL,
  sent_at DATETIME(6) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY {wp}partner_center_signup_answers_form (form_id, field),
  KEY {wp}partner_center_signup_answers_partner (partner_id, sent_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
