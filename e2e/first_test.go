package e2e

import "testing"

// setUpShop does what an admin does first: settings, a program, a product, a
// promo tool, and pages to promote.
func (w *world) setUpShop(admin *visitor) (toolCode string) {
	w.t.Helper()
	w.page("offer", "Offer", "<p>Buy this.</p>")
	w.page("letter", "Letter", `<!-- wp:html --><form data-partner-center="lead" method="get" action="../thanks/">`+
		`<input name="first_name"><input name="last_name"><input type="email" name="email"><button>Send</button></form><!-- /wp:html -->`)
	w.page("thanks", "Thanks", "<p>Thank you.</p>")

	admin.open(adminPage("admin/programs"))
	admin.sees(".notice-warning", "Save the settings")
	admin.open(adminPage("admin/settings"))
	admin.fill("#pc-cookie_days", "0")
	admin.click(".button-primary")
	admin.sees("#pc-cookie_days-notes", "1 to 400")
	admin.fill("#pc-cookie_days", "30")
	admin.click(".button-primary")
	admin.sees(".notice-success", "saved")

	admin.open(adminPage("admin/programs/new"))
	admin.fill("#pc-name", "Friends")
	admin.tick("input[name=tiers][value='2']")
	admin.choose("#pc-visibility", "email")
	admin.click(".button-primary")
	admin.sees(".notice-success", "The program is there")

	admin.fill("#pc-new_name", "Lamp")
	admin.fill("input[name=level1]", "10")
	admin.fill("input[name=level2]", "2.5")
	admin.clickButton("Add product")
	admin.sees(".wp-list-table", "Lamp")
	admin.sees(".wp-list-table", "10%")

	admin.click(".pc-subtabs a[href*='tools']")
	admin.click("a[href*='kind%3Dstandard']")
	admin.fill("#pc-name", "The letter")
	admin.fill("#pc-target_url", "javascript:alert(1)")
	admin.click(".button-primary")
	admin.sees("#pc-target_url-notes", "http")
	admin.fill("#pc-target_url", w.URL()+"/letter/")
	admin.click(".button-primary")
	admin.sees(".notice-success", "The letter")
	return admin.text("#tool-code")
}

// page publishes a page of the site.
func (w *world) page(slug, title, html string) {
	w.t.Helper()
	_, err := w.Site.PHP(w.t.Context(),
		`kses_remove_filters(); wp_insert_post( array( 'post_type' => 'page', 'post_status' => 'publish',
		'post_name' => $args[0], 'post_title' => $args[1], 'post_content' => $args[2] ) );`, slug, title, html)
	if err != nil {
		w.t.Fatal(err)
	}
}

func TestFirstSteps(t *testing.T) {
	on(t, func(t *testing.T, r release) {
		w := start(t, r, nil)
		t.Log(w.setUpShop(w.admin()))
		w.noNotices()
	}, newest, oldest)
}
