-- +goose Up
-- The site's day on which a settled payment came back, for the totals of years.
ALTER TABLE {wp}pc_payout_lines
  ADD COLUMN returned_day DATE NULL,
  ADD KEY {wp}pc_payout_lines_returned (returned_day);
