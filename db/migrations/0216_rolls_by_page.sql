-- +goose Up
-- Sums are kept by landing page, too: all are made once more.
UPDATE {wp}partner_center_rolls SET until = month, whole = 0;
