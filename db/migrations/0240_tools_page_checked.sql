-- +goose Up
-- When it was last looked at whether a promo tool's target page of this site has the
-- tracking script (D13).
ALTER TABLE {wp}partner_center_tools ADD COLUMN page_checked_at DATETIME(6) NULL;
