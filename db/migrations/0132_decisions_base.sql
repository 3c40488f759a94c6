-- +goose Up
-- What the order's percentages are taken of beside lines after discounts, as the
-- program's policy had it (D8): discount, tax, shipping, joined by commas.
ALTER TABLE {wp}pc_decisions ADD COLUMN base VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '';
