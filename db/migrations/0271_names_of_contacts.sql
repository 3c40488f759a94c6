-- +goose Up
-- Contacts of before get the name that lists show of them.
UPDATE {wp}partner_center_contacts SET listed_as = COALESCE(NULLIF(TRIM(CONCAT(first_name, ' ', last_name)), ''),
  NULLIF(company, ''), email COLLATE utf8mb4_unicode_ci);
