-- +goose Up
-- Whether flat commissions of the order count for each unit or once for each
-- line, as the program's policy had it (D9); '' is for each unit.
ALTER TABLE {wp}pc_decisions ADD COLUMN flat_per VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '';
