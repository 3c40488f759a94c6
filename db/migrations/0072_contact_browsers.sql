-- +goose Up
-- Browsers in which a contact was seen logged in (D41), as touchpoints.browser.
CREATE TABLE {wp}partner_center_contact_browsers (
  contact_id BIGINT NOT NULL,
  browser VARBINARY(16) NOT NULL,
  seen_at DATETIME(6) NOT NULL,
  PRIMARY KEY (contact_id, browser)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
