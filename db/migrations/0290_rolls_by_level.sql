-- +goose Up
-- Level 2 stands in a row of its own among promo tools, SubIDs and landing pages: all
-- sums are made once more.
UPDATE {wp}partner_center_rolls SET until = month, whole = 0;
