-- +goose Up
-- The lines of a file, by their number in it: what they say (JSON by column, emptied
-- at the end), what would become of them (plan), what became of them (result, blank
-- until then), and the sentence about it, as a packed text of the catalogue.
CREATE TABLE {wp}partner_center_import_lines (
  import_id BIGINT NOT NULL,
  line INT NOT NULL,
  cells MEDIUMTEXT NOT NULL,
  plan VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  result VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  field VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  problem VARCHAR(2000) NOT NULL DEFAULT '',
  contact_id BIGINT NULL,
  PRIMARY KEY (import_id, line)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
