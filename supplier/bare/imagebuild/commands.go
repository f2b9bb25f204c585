package imagebuild

import (
	"path/filepath"
	"time"

	"example.com/hello-world/supplier/bare/gobuild"
	"example.com/hello-world/supplier/images"
)

// registry is the registry beside the cluster.
func (b Builder) registry(name string) (images.Recipe, error) {
	c := command{
		module: gobuild.Pinned(b.Root, "registry"),
		build:  gobuild.Build{Packages: []string{"."}},
		binary: "registry", as: "/bin/registry",
		args:   []string{"serve", "/etc/distribution/config.yml"},
		expose: "5000",
		files:  map[string]string{"/etc/distribution/config.yml": filepath.Join(b.Root, "supplier", "bare", "imagebuild", "registry.yml")},
	}
	return c.recipe(name, 30*time.Second)
}

// traefik is the Ingress controller.
func (b Builder) traefik(name, version string) (images.Recipe, error) {
	c := command{
		module: gobuild.Pinned(b.Root, "traefik"),
		build: gobuild.Build{
			Packages: []string{"github.com/traefik/traefik/v3/cmd/traefik"},
			LDFlags:  "-X github.com/traefik/traefik/v3/pkg/version.Version=" + version[1:],
			Replace: []gobuild.Replacement{
				{Module: "github.com/go-acme/lego/v5", With: "instead/lego"},
				{
					Module: "github.com/traefik/traefik/v3", With: "instead/traefik",
					Without: []string{
						"pkg/plugins/middlewarewasm.go", "pkg/plugins/middlewareyaegi.go", "pkg/plugins/providers.go",
						"pkg/plugins/wasip.go", "pkg/plugins/wasip_mock.go",
						"pkg/provider/ecs/config.go", "pkg/provider/ecs/label.go",
					},
				},
			},
		},
		binary: "traefik", as: "/usr/local/bin/traefik", expose: "80",
	}
	return c.recipe(name, time.Minute)
}
