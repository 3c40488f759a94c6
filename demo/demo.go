// Package demo runs the whole product on one machine: a MariaDB and a WordPress
// of its own with the plugin active, the sidecar in front of both, and a living
// example made by the product's own code. The browser tests run on it too.
package demo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"partnercenter/clock"
	"partnercenter/db"
	"partnercenter/sidecar"
	"partnercenter/sidecar/web"
	"partnercenter/testbed/mariadb"
	"partnercenter/testbed/wordpress"
	wpplugin "partnercenter/wp-plugin"
	"partnercenter/wpbridge"
)

// Options says what to run.
type Options struct {
	// Dir keeps everything; a demo that is there already is continued.
	Dir  string
	Port int // of the site; 0: any free one
	// Release of WordPress; empty: the newest of Debian's suites.
	Release wordpress.Release
	// PassThrough leaves the base path to the plugin, as on a site whose web
	// server cannot be changed; otherwise the sidecar fronts WordPress.
	PassThrough bool
	// Shop is the WooCommerce of the site; without one the demo has a small shop
	// of its own.
	Shop wordpress.Shop
	// Bare leaves out the example, for tests that make their own data.
	Bare bool
	// URL is where visitors reach the site when another web server stands in
	// front; empty: at the demo's own port.
	URL      string
	Progress func(step string)
	Log      *slog.Logger
	Version  string
}

// Demo is the running product.
type Demo struct {
	Site   *wordpress.Site
	DB     *db.Handle
	DSN    string
	Prefix string
	Admin  Login
	// Partner is one of the example's partners; empty without the example.
	Partner Login

	key      wpbridge.PairingKey
	images   []int64 // of the media library, for the example's banners
	options  Options
	database *mariadb.Server
	sidecar  *sidecar.Server
	front    net.Listener // the site
	back     net.Listener // the sidecar's own address, for PHP
}

// Login is an account to try things with.
type Login struct {
	Login    string `json:"login"`
	Password string `json:"password"`
}

const (
	databaseName = "demo"
	databaseUser = "demo"
	prefix       = "demo_" // not wp_, so that a forgotten prefix shows
	phpProcesses = 3
)

// URL is where visitors reach the site.
func (d *Demo) URL() string { return cmp.Or(d.options.URL, d.SiteAddress()) }

// SiteAddress is where the demo itself serves the site, SidecarAddress where
// the sidecar is without WordPress around it.
func (d *Demo) SiteAddress() string { return "http://" + d.front.Addr().String() }

// SidecarAddress is the sidecar's own address.
func (d *Demo) SidecarAddress() string { return "http://" + d.back.Addr().String() }

// Start starts everything and returns when the site can be used; Run serves it.
// What was started ends with Close, or with the process.
func Start(ctx context.Context, o Options) (*Demo, error) {
	if o.Progress == nil {
		o.Progress = func(string) {}
	}
	if err := removeHalfMade(o); err != nil {
		return nil, err
	}
	d := &Demo{options: o, Prefix: prefix, Admin: Login{"admin", "admin"}}
	for _, step := range []struct {
		says string
		do   func(context.Context) error
	}{
		{"Opening the ports", d.listen},
		{"Starting MariaDB", d.startDatabase},
		{"Setting up WordPress", d.installWordPress},
		{"Opening the shop", d.openShop},
		{"Activating the plugin", d.activatePlugin},
		{"Opening the tables", d.openDatabase},
		{"Making the example", d.makeExample},
		{"Starting the sidecar", d.startSidecar},
	} {
		o.Progress(step.says)
		if err := step.do(ctx); err != nil {
			return nil, errors.Join(err, d.Close())
		}
	}
	return d, nil
}

func (d *Demo) listen(context.Context) (err error) {
	d.front, err = net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", d.options.Port))
	if err != nil {
		return fmt.Errorf("port %d is taken; choose another with --port: %w", d.options.Port, err)
	}
	d.back, err = net.Listen("tcp", "127.0.0.1:0")
	return err
}

func (d *Demo) startDatabase(ctx context.Context) (err error) {
	d.database, err = mariadb.Start(ctx, mariadb.Options{Dir: filepath.Join(d.options.Dir, "mariadb"),
		Log: d.options.Progress})
	if err != nil {
		return err
	}
	if err := d.database.CreateDatabase(ctx, databaseName); err != nil {
		return err
	}
	return d.database.GrantUser(ctx, databaseUser, databaseUser, databaseName)
}

func (d *Demo) installWordPress(ctx context.Context) (err error) {
	dir := filepath.Join(d.options.Dir, "site")
	release := d.options.Release
	if release.Dir == "" && !wordpress.Installed(dir) {
		if release, err = wordpress.Newest(ctx, d.options.Progress); err != nil {
			return err
		}
	}
	d.Site, err = wordpress.Install(ctx, wordpress.Options{
		Release: release, Dir: dir, URL: d.URL(), Title: siteTitle, TimeZone: "Europe/Berlin", Debug: true,
		DB: wordpress.Database{
			Host: fmt.Sprintf("127.0.0.1:%d", d.database.Port), Name: databaseName, User: databaseUser,
			Password: databaseUser, Prefix: prefix,
		},
		Admin: wordpress.Account{Login: d.Admin.Login, Password: d.Admin.Password, Email: "admin@example.test"},
	})
	if err != nil {
		return err
	}
	return d.Site.Serve(ctx, phpProcesses)
}

// switchOn does what an admin does on the plugin's settings page; the hand-over
// is made again because the site's address may be another today. The sidecar's
// address is left to its heartbeat, as on a real site.
const switchOn = `PartnerCenter\Settings::change(array('tracking' => true, 'center' => true));
(new PartnerCenter\Handover())->refresh();`

func (d *Demo) activatePlugin(ctx context.Context) error {
	if err := d.Site.AddPlugin(wpplugin.Name, wpplugin.FS()); err != nil {
		return err
	}
	if err := d.Site.Activate(ctx, wpplugin.Main); err != nil {
		return err
	}
	_, err := d.Site.PHP(ctx, switchOn)
	return err
}

func (d *Demo) openDatabase(ctx context.Context) (err error) {
	config, err := wpbridge.ReadConfig(d.Site.Root)
	if err != nil {
		return err
	}
	if d.key, err = config.PairingKey(); err != nil {
		return err
	}
	if d.DSN, err = config.DSN(); err != nil {
		return err
	}
	if d.DB, err = db.Open(ctx, d.DSN, db.Tables{Prefix: prefix}); err != nil {
		return err
	}
	return d.DB.Migrate(ctx)
}

func (d *Demo) startSidecar(ctx context.Context) (err error) {
	d.sidecar, err = sidecar.New(ctx, sidecar.Config{
		Version: d.options.Version, DB: d.DB, URL: d.SidecarAddress(),
		Key: func() (wpbridge.PairingKey, error) { return d.key, nil }, Trusted: web.Loopback, Log: d.options.Log,
		Now: clock.System,
	})
	return err
}

// Run serves until ctx ends.
func (d *Demo) Run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return d.sidecar.Run(ctx, d.back) })
	server := &http.Server{Handler: d.handler(), ReadHeaderTimeout: 10 * time.Second}
	group.Go(func() error {
		if err := server.Serve(d.front); err != http.ErrServerClosed {
			return err
		}
		return nil
	})
	group.Go(func() error {
		<-ctx.Done()
		ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		return server.Shutdown(ending)
	})
	return group.Wait()
}

// handler is the web server of the demo: the base path goes to the sidecar,
// everything else to WordPress.
func (d *Demo) handler() http.Handler {
	site, center := d.Site.Handler(), d.sidecar.Handler()
	if d.options.PassThrough {
		return site
	}
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if d.sidecar.Owns(req) {
			center.ServeHTTP(w, req)
			return
		}
		site.ServeHTTP(w, req)
	})
}

// Close ends everything that was started.
func (d *Demo) Close() error {
	var errs []error
	for _, listener := range []net.Listener{d.front, d.back} {
		if listener != nil {
			listener.Close() // already closed after Run
		}
	}
	if d.DB != nil {
		errs = append(errs, d.DB.Close())
	}
	if d.Site != nil {
		d.Site.Stop()
	}
	if d.database != nil {
		ending, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		errs = append(errs, d.database.Stop(ending))
	}
	return errors.Join(errs...)
}
