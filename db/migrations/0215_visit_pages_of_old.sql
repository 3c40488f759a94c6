-- +goose Up
-- Visits that were summed up before arrived on pages that nobody knows any more.
INSERT IGNORE INTO {wp}partner_center_visit_pages (partner_id, day, tool_id, page, clicks, uniques)
  SELECT partner_id, day, tool_id, '', SUM(clicks), SUM(uniques) FROM {wp}partner_center_visit_sums
  GROUP BY partner_id, day, tool_id;
