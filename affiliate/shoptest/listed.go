package shoptest

import "context"

// partnersStandRight fails the test where the list of partners would stand by another
// name or sign-up than theirs. Who was erased has none.
func (s *Site) partnersStandRight() {
	if s.Failed() {
		return
	}
	var wrong []string
	err := s.DB.Select(context.Background(), &wrong, `/* shoptest.partnersStandRight */
		SELECT CONCAT(p.id, ' by ', p.listed_as, ' of ', p.listed_at) FROM {wp}partner_center_partners p
		JOIN {wp}partner_center_contacts k ON k.id = p.contact_id
		LEFT JOIN {wp}partner_center_memberships m ON m.partner_id = p.id AND m.active = 1
		WHERE k.email NOT LIKE 'erased-%' AND (p.listed_as <> COALESCE(
			NULLIF(TRIM(CONCAT(k.first_name, ' ', k.last_name)), ''), k.email COLLATE utf8mb4_unicode_ci)
			OR p.listed_at <> COALESCE(m.signup_at, p.created_at))`)
	if err != nil || len(wrong) > 0 {
		s.Errorf("listed wrongly: %v %v", wrong, err)
	}
}
