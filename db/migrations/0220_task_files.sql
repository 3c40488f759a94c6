-- +goose Up
-- Files that long work made, in pieces, for whoever started it: a file is whole when
-- its task is done, and is removed a day later. They may name persons.
CREATE TABLE {wp}partner_center_task_files (
  task_id BIGINT NOT NULL,
  number INT NOT NULL,
  bytes MEDIUMBLOB NOT NULL,
  PRIMARY KEY (task_id, number)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
