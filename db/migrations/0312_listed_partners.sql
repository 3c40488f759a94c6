-- +goose Up
-- Partners of before get what their list stands by.
UPDATE {wp}partner_center_partners p
  JOIN {wp}partner_center_contacts k ON k.id = p.contact_id
  LEFT JOIN {wp}partner_center_memberships m ON m.partner_id = p.id AND m.active = 1
  SET p.listed_as = COALESCE(NULLIF(TRIM(CONCAT(k.first_name, ' ', k.last_name)), ''),
    k.email COLLATE utf8mb4_unicode_ci), p.listed_at = COALESCE(m.signup_at, p.created_at);
