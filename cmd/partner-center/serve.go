package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/netip"

	"github.com/gin-gonic/gin"

	"partnercenter/clock"
	"partnercenter/sidecar"
	"partnercenter/sidecar/web"
)

type serveCmd struct {
	siteFlags
	Listen  string   `env:"PARTNER_CENTER_LISTEN" default:"127.0.0.1:8377" help:"Where to listen."`
	URL     string   `env:"PARTNER_CENTER_URL" help:"Where PHP reaches this program, when not at the listening address."`
	Proxies []string `name:"trusted-proxies" env:"PARTNER_CENTER_TRUSTED_PROXIES" help:"Networks of web servers whose X-Forwarded headers count, beside this machine."`
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
	if err := h.Migrate(ctx); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("cannot listen at %s (--listen): %w", c.Listen, err)
	}
	defer listener.Close()
	if c.URL == "" {
		c.URL = "http://" + listener.Addr().String()
	}
	server, err := sidecar.New(ctx, sidecar.Config{
		Version: version, DB: h, Key: c.pairingKey, URL: c.URL, Trusted: trusted, Log: log, Now: clock.System,
	})
	if err != nil {
		return err
	}
	log.Info("ready", "listen", listener.Addr().String(), "version", version)
	return server.Run(ctx, listener)
}

func (c serveCmd) trusted() (web.TrustedProxies, error) {
	networks := web.Loopback
	for _, text := range c.Proxies {
		network, err := netip.ParsePrefix(text)
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
