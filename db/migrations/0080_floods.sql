-- +goose Up
-- How often somebody did something in a minute that PHP answers: who is a keyed
-- hash of what and whose network, or by which click. Two rows, whose names end in
-- 1 and 2 behind zeros, count the forms and clicks that were too many. Pruned after
-- an hour. The plugin creates the same table.
CREATE TABLE IF NOT EXISTS {wp}partner_center_floods (
  who BINARY(16) NOT NULL,
  minute INT NOT NULL,
  times INT NOT NULL,
  PRIMARY KEY (who, minute),
  KEY {wp}partner_center_floods_minute (minute)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
