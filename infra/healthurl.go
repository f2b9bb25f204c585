package main

import (
	"strings"

	"example.com/hello-world/infra/config"
)

// healthURL returns what to ask to find out whether clients reach the service at url: the health path, if it is below the
// path that leads there or the server is asked without that, and otherwise url itself.
func healthURL(cfg config.Config, url string) string {
	if cfg.StripPrefix && url != "" && cfg.HealthPath != "" {
		return strings.TrimSuffix(url, "/") + cfg.HealthPath
	}
	if url == "" || cfg.HealthPath == "" || !strings.HasPrefix(cfg.HealthPath+"/", strings.TrimSuffix(cfg.Path, "/")+"/") {
		return url
	}
	return strings.TrimSuffix(url, cfg.Path) + cfg.HealthPath
}
