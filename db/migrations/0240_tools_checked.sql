-- +goose Up
-- Whether the tracking script was missing on a promo tool's target page of this
-- site when that was last looked at (D13).
ALTER TABLE {wp}partner_center_tools
  ADD COLUMN page_checked_at DATETIME(6) NULL,
  ADD COLUMN page_lacks_script TINYINT NOT NULL DEFAULT 0;
