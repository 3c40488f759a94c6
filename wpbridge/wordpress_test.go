package wpbridge

import (
	"testing"

	"partnercenter/db"
	"partnercenter/db/dbtest"
)

// wordpressTables are those of WordPress 7.1 that are read, with all columns.
var wordpressTables = map[string]string{
	"{users}": `ID bigint(20) unsigned NOT NULL AUTO_INCREMENT, user_login varchar(60) NOT NULL DEFAULT '',
		user_pass varchar(255) NOT NULL DEFAULT '', user_nicename varchar(50) NOT NULL DEFAULT '',
		user_email varchar(100) NOT NULL DEFAULT '', user_url varchar(100) NOT NULL DEFAULT '',
		user_registered datetime NOT NULL DEFAULT '2026-01-01 00:00:00', user_activation_key varchar(255) NOT NULL DEFAULT '',
		user_status int(11) NOT NULL DEFAULT 0, display_name varchar(250) NOT NULL DEFAULT '',
		PRIMARY KEY (ID), KEY user_login_key (user_login), KEY user_email (user_email)`,
	"{usermeta}": `umeta_id bigint(20) unsigned NOT NULL AUTO_INCREMENT, user_id bigint(20) unsigned NOT NULL DEFAULT 0,
		meta_key varchar(255) DEFAULT NULL, meta_value longtext,
		PRIMARY KEY (umeta_id), KEY user_id (user_id), KEY meta_key (meta_key(191))`,
	"{wp}options": `option_id bigint(20) unsigned NOT NULL AUTO_INCREMENT, option_name varchar(191) NOT NULL DEFAULT '',
		option_value longtext NOT NULL, autoload varchar(20) NOT NULL DEFAULT 'yes',
		PRIMARY KEY (option_id), UNIQUE KEY option_name (option_name), KEY autoload (autoload)`,
	"{wp}posts": `ID bigint(20) unsigned NOT NULL AUTO_INCREMENT, post_author bigint(20) unsigned NOT NULL DEFAULT 0,
		post_date datetime NOT NULL DEFAULT '2026-01-01 00:00:00', post_date_gmt datetime NOT NULL DEFAULT '2026-01-01 00:00:00',
		post_content longtext NOT NULL DEFAULT '', post_title text NOT NULL, post_excerpt text NOT NULL DEFAULT '',
		post_status varchar(20) NOT NULL DEFAULT 'publish', comment_status varchar(20) NOT NULL DEFAULT 'open',
		ping_status varchar(20) NOT NULL DEFAULT 'open', post_password varchar(255) NOT NULL DEFAULT '',
		post_name varchar(200) NOT NULL DEFAULT '', to_ping text NOT NULL DEFAULT '', pinged text NOT NULL DEFAULT '',
		post_modified datetime NOT NULL DEFAULT '2026-01-01 00:00:00', post_modified_gmt datetime NOT NULL DEFAULT '2026-01-01 00:00:00',
		post_content_filtered longtext NOT NULL DEFAULT '', post_parent bigint(20) unsigned NOT NULL DEFAULT 0,
		guid varchar(255) NOT NULL DEFAULT '', menu_order int(11) NOT NULL DEFAULT 0,
		post_type varchar(20) NOT NULL DEFAULT 'post', post_mime_type varchar(100) NOT NULL DEFAULT '',
		comment_count bigint(20) NOT NULL DEFAULT 0,
		PRIMARY KEY (ID), KEY type_status_date (post_type, post_status, post_date, ID)`,
	"{wp}postmeta": `meta_id bigint(20) unsigned NOT NULL AUTO_INCREMENT, post_id bigint(20) unsigned NOT NULL DEFAULT 0,
		meta_key varchar(255) DEFAULT NULL, meta_value longtext,
		PRIMARY KEY (meta_id), KEY post_id (post_id), KEY meta_key (meta_key(191))`,
}

// networkTables exist on networks only.
var networkTables = map[string]string{
	"{base}sitemeta": `meta_id bigint(20) NOT NULL AUTO_INCREMENT, site_id bigint(20) NOT NULL DEFAULT 0,
		meta_key varchar(255) DEFAULT NULL, meta_value longtext,
		PRIMARY KEY (meta_id), KEY meta_key (meta_key(191)), KEY site_id (site_id)`,
	"{base}blogs": `blog_id bigint(20) NOT NULL AUTO_INCREMENT, site_id bigint(20) NOT NULL DEFAULT 0,
		domain varchar(200) NOT NULL DEFAULT '', path varchar(100) NOT NULL DEFAULT '', PRIMARY KEY (blog_id)`,
}

// site is a WordPress database that tests fill.
type site struct {
	testing.TB
	*db.Handle
	blog Blog
}

// newDatabase returns the empty database of a single site.
func newDatabase(t testing.TB) *site {
	t.Helper()
	s := &site{t, dbtest.New(t), Blog{ID: 1, Prefix: dbtest.Prefix}}
	s.create(wordpressTables)
	return s
}

// newNetwork returns the empty database of blog 2 of a network.
func newNetwork(t testing.TB) *site {
	t.Helper()
	dbtest.New(t)
	h, err := db.Open(t.Context(), dbtest.DSN(), db.Tables{Prefix: "net9_2_", Base: "net9_"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	s := &site{t, h, Blog{ID: 2, Prefix: "net9_2_", Multisite: true}}
	s.create(wordpressTables)
	s.create(networkTables)
	s.exec(`ALTER TABLE {users} ADD spam tinyint(2) NOT NULL DEFAULT 0, ADD deleted tinyint(2) NOT NULL DEFAULT 0`)
	s.exec(`INSERT INTO {base}blogs (blog_id, site_id) VALUES (1, 1), (2, 5)`)
	return s
}

// create gives the tables the collation of a real site, which differs from
// that of our own tables.
func (s *site) create(tables map[string]string) {
	for name, columns := range tables {
		s.exec(`DROP TABLE IF EXISTS ` + name)
		s.exec(`CREATE TABLE ` + name + ` (` + columns +
			`) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci`)
	}
}

func (s *site) exec(query string, args ...any) {
	s.Helper()
	if _, err := s.Exec(s.Context(), query, args...); err != nil {
		s.Fatal(err)
	}
}

func (s *site) option(name, value string) {
	s.Helper()
	s.exec(`REPLACE INTO {wp}options (option_name, option_value) VALUES (?, ?)`, name, value)
}

func (s *site) networkOption(network int, name, value string) {
	s.Helper()
	s.exec(`INSERT INTO {base}sitemeta (site_id, meta_key, meta_value) VALUES (?, ?, ?)`, network, name, value)
}

func (s *site) meta(user int64, key, value string) {
	s.Helper()
	s.exec(`DELETE FROM {usermeta} WHERE user_id = ? AND meta_key = ?`, user, key)
	s.exec(`INSERT INTO {usermeta} (user_id, meta_key, meta_value) VALUES (?, ?, ?)`, user, key, value)
}

const usualRoles = `a:3:{s:13:"administrator";a:2:{s:4:"name";s:13:"Administrator";s:12:"capabilities";a:2:{s:14:"manage_options";b:1;s:4:"read";b:1;}}` +
	`s:7:"partner";a:2:{s:4:"name";s:7:"Partner";s:12:"capabilities";a:2:{s:4:"read";b:1;s:10:"edit_posts";b:0;}}` +
	`s:10:"subscriber";a:2:{s:4:"name";s:10:"Subscriber";s:12:"capabilities";a:2:{s:4:"read";b:1;s:10:"edit_posts";b:1;}}}`

// user stores a user of the vectors, with roles to look up.
func (s *site) user(u vectorUser) {
	s.Helper()
	s.exec(`INSERT INTO {users} (ID, user_login, user_pass, user_email, display_name) VALUES (?, ?, ?, ?, ?)`,
		u.ID, u.Login, u.Pass, u.Login+"@mail.test", "Name of "+u.Login)
	s.meta(u.ID, "session_tokens", u.Sessions)
	s.meta(u.ID, "_application_passwords", u.AppMeta)
	s.meta(u.ID, s.blog.Prefix+"capabilities", u.Caps)
	s.option(s.blog.Prefix+"user_roles", usualRoles)
}

func (s *site) users() *Users { return NewUsers(s.Handle, s.blog) }
