-- +goose Up
-- Which mails a program sends, and with which text. Program 0 is the whole site:
-- mails to its admins. Without a row an occasion is as it comes; message 0 is the
-- ready-made text, in the language of each reader.
CREATE TABLE {wp}partner_center_message_uses (
  program_id BIGINT NOT NULL,
  occasion VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  is_on TINYINT NOT NULL,
  message_id BIGINT NOT NULL DEFAULT 0,
  updated_at DATETIME(6) NOT NULL,
  PRIMARY KEY (program_id, occasion),
  KEY {wp}partner_center_message_uses_message (message_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
