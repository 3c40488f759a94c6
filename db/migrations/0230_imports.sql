-- +goose Up
-- Files of partners or contacts: checked, then taken in by a task, and taken back
-- where that can be. headings are what the file calls its columns and what they
-- become, as JSON; like the cells of the lines they are emptied at the end.
CREATE TABLE {wp}partner_center_imports (
  id BIGINT NOT NULL AUTO_INCREMENT,
  kind VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  state VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  program_id BIGINT NULL,
  headings TEXT NOT NULL,
  line_count INT NOT NULL,
  task_id BIGINT NULL,
  actor VARCHAR(100) NOT NULL,
  created_at DATETIME(6) NOT NULL,
  updated_at DATETIME(6) NOT NULL,
  PRIMARY KEY (id),
  KEY {wp}partner_center_imports_listed (kind, id),
  KEY {wp}partner_center_imports_old (state, updated_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
