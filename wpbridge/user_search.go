package wpbridge

import (
	"context"
	"strings"
)

// Found is a user of the site as a search shows them.
type Found struct {
	ID        int64  `db:"id"`
	Login     string `db:"login"`
	Email     string `db:"email"`
	Name      string `db:"name"` // as WordPress shows it
	FirstName string `db:"first_name"`
	LastName  string `db:"last_name"`
}

// Search finds users of the blog whose login, name or address has the text in it,
// by login, at most limit.
func (u *Users) Search(ctx context.Context, text string, limit int) ([]Found, error) {
	pattern := "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text) + "%"
	meta := func(key string) string {
		return `COALESCE((SELECT meta_value FROM {usermeta} WHERE user_id = u.ID AND meta_key = '` + key + `'
			ORDER BY umeta_id LIMIT 1), '') AS ` + key
	}
	found := []Found{}
	err := u.q.Select(ctx, &found, `/* wpbridge.Users.Search */
		SELECT u.ID AS id, u.user_login AS login, u.user_email AS email, u.display_name AS name, `+
		meta("first_name")+`, `+meta("last_name")+` FROM {users} u
		WHERE (u.user_login LIKE ? OR u.display_name LIKE ? OR u.user_email LIKE ?)
			AND EXISTS (SELECT 1 FROM {usermeta} c WHERE c.user_id = u.ID AND c.meta_key = ?)
		ORDER BY u.user_login, u.ID LIMIT ?`, pattern, pattern, pattern, u.capabilitiesKey(), limit)
	return found, err
}
