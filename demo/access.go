package demo

// Access is what a person or a program needs to use the demo.
type Access struct {
	Site       string `json:"site"`
	Center     string `json:"center"`
	AdminPages string `json:"admin_pages"`
	Admin      Login  `json:"admin"`
	Partner    Login  `json:"partner"`
	DSN        string `json:"dsn"`
	Prefix     string `json:"prefix"`
}

// Access tells where things are.
func (d *Demo) Access() Access {
	return Access{
		Site:       d.URL() + "/",
		Center:     d.URL() + "/partner-center/",
		AdminPages: d.URL() + "/wp-admin/admin.php?page=partner-center",
		Admin:      d.Admin,
		Partner:    d.Partner,
		DSN:        d.DSN,
		Prefix:     d.Prefix,
	}
}
