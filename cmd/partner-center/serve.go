package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"time"

	"github.com/gin-gonic/gin"

	"partnercenter/clock"
	"partnercenter/db"
	"partnercenter/sidecar"
	"partnercenter/sidecar/web"
	"partnercenter/wpbridge"
)

type serveCmd struct {
	siteFlags
	Listen    string   `env:"PARTNER_CENTER_LISTEN" default:"127.0.0.1:8377" help:"Where to listen."`
	URL       string   `env:"PARTNER_CENTER_URL" help:"Where PHP reaches this program, when not at the listening address."`
	NewTables bool     `env:"PARTNER_CENTER_NEW_TABLES" help:"Make the tables also on a site where the plugin is not active."`
	Proxies   []string `name:"trusted-proxies" env:"PARTNER_CENTER_TRUSTED_PROXIES" help:"Networks of web servers whose X-Forwarded headers count, beside this machine."`
}

func (c serveCmd) Run(ctx context.Context, log *slog.Logger) error {
	gin.SetMode(gin.ReleaseMode)
	trusted, err := c.trusted()
	if err != nil {
		return err
	}
	h, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer h.Close()
	// A port that is taken is noticed before anything is changed.
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("cannot listen at %s (--listen): %w", c.Listen, err)
	}
	defer listener.Close()
	if err := c.awaitPlugin(ctx, h, log); err != nil {
		return err
	}
	if err := h.Migrate(ctx); err != nil {
		return err
	}
	if c.URL == "" {
		c.URL = "http://" + listener.Addr().String()
	}
	server, err := sidecar.New(ctx, sidecar.Config{
		Version: version, DB: h, Key: func() (wpbridge.PairingKey, error) { return c.pairingKey(h.Prefix()) },
		URL: c.URL, Trusted: trusted, Log: log, Now: clock.System,
	})
	if err != nil {
		return err
	}
	log.Info("ready", "listen", listener.Addr().String(), "version", version)
	return server.Run(ctx, listener)
}

// awaitPlugin waits for the plugin on a site that has neither it nor our tables:
// the data may just have been deleted with it, or the prefix is another site's.
func (c serveCmd) awaitPlugin(ctx context.Context, h *db.Handle, log *slog.Logger) error {
	for said := false; !c.NewTables; said = true {
		there, err := h.HasTables(ctx)
		if err != nil || there {
			return err
		}
		if handed, err := wpbridge.HasHandover(ctx, h); err != nil || handed {
			return err
		}
		if !said {
			log.Warn("waiting: the plugin Partner Center is not active on this site, and there are no tables of ours; "+
				"activate it, or make the tables now with --new-tables", "prefix", h.Prefix())
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(2 * time.Second):
		}
	}
	return nil
}

func (c serveCmd) trusted() (web.TrustedProxies, error) {
	networks := web.Loopback
	for _, text := range c.Proxies {
		network, err := netip.ParsePrefix(text)
		if addr, noMask := netip.ParseAddr(text); noMask == nil {
			network, err = addr.Prefix(addr.BitLen())
		}
		if err != nil {
			return nil, fmt.Errorf("--trusted-proxies: %q is no network like 10.0.0.0/8", text)
		}
		networks = append(networks, network)
	}
	return networks, nil
}

type migrateCmd struct{ siteFlags }

func (c migrateCmd) Run(ctx context.Context) error {
	h, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer h.Close()
	return h.Migrate(ctx)
}
