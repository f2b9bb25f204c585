package main

import (
	"strings"

	"example.com/hello-world/infra/config"
)

// healthURL returns what to ask to find out whether clients reach the service at url: the health path, if it is below the
// path that leads there, and otherwise url itself.
func healthURL(cfg config.Config, url string) string {
	if url == "" || cfg.HealthPath == "" || !strings.HasPrefix(cfg.HealthPath+"/", strings.TrimSuffix(cfg.Path, "/")+"/") {
		return url
	}
	return strings.TrimSuffix(url, cfg.Path) + cfg.HealthPath
}
