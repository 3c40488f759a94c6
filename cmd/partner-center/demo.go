package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/gin-gonic/gin"

	"partnercenter/demo"
	"partnercenter/testbed/wordpress"
)

type demoCmd struct {
	Port   int    `default:"8080" help:"Port of the site; 0 takes any free one."`
	Dir    string `type:"path" placeholder:"DIR" help:"Where the demo lives. Default: one below /var/tmp for the folder you are in."`
	JSON   bool   `name:"json" help:"Print one JSON line when ready, for programs that drive the demo."`
	Forget bool   `help:"Remove what an earlier demo left, and end."`
}

func (c demoCmd) Run(ctx context.Context) error {
	gin.SetMode(gin.ReleaseMode)
	if c.Dir == "" {
		here, err := os.Getwd()
		if err != nil {
			return err
		}
		c.Dir = dirFor(here)
	}
	if c.Forget {
		return demo.Reset(c.Dir)
	}
	begun := time.Now()
	progress := func(step string) {
		fmt.Fprintf(os.Stderr, "%5.1f s  %s\n", time.Since(begun).Seconds(), step)
	}
	shop, _, err := wordpress.WooCommerce()
	if err != nil {
		return err
	}
	d, err := demo.Start(ctx, demo.Options{
		Dir: c.Dir, Shop: shop, Port: c.Port, Version: version, Progress: progress,
		Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
	})
	if err != nil {
		return err
	}
	defer d.Close()
	c.announce(d)
	return d.Run(ctx)
}

// dirFor is where the demo of a clone lives: each has its own, whose account is
// in the name because /var/tmp is everybody's. It is outside the clone, which
// MariaDB's account often cannot reach.
func dirFor(clone string) string {
	sum := sha256.Sum256([]byte(clone))
	return filepath.Join("/var/tmp", fmt.Sprintf("partner-center-demo-%d-%x", os.Getuid(), sum[:4]))
}

func (c demoCmd) announce(d *demo.Demo) {
	if c.JSON {
		json.NewEncoder(os.Stdout).Encode(d.Access())
		return
	}
	a := d.Access()
	fmt.Printf(`
The demo is running. Stop it with Ctrl-C; run it again to continue.

  Site            %s
  Partner center  %s
  Admin pages     %s

  Admin           %s / %s
  Partner         %s / %s

`, a.Site, a.Center, a.AdminPages, a.Admin.Login, a.Admin.Password, a.Partner.Login, a.Partner.Password)
}
