package images

import (
	"path/filepath"
	"time"

	"example.com/hello-world/supplier/gobuild"
)

// registry describes the image of the registry beside the cluster.
func (s Source) registry() (image, error) {
	module := gobuild.Pinned(s.Root, "registry")
	c := command{
		module: module,
		build:  gobuild.Build{Packages: []string{"."}},
		binary: "registry", as: "/bin/registry",
		args:   []string{"serve", "/etc/distribution/config.yml"},
		expose: "5000",
		files:  map[string]string{"/etc/distribution/config.yml": filepath.Join(s.Root, "supplier", "images", "registry.yml")},
	}
	return c.image("registry:3", 30*time.Second)
}

// traefik describes the image of the Ingress controller.
func (s Source) traefik() (image, error) {
	module := gobuild.Pinned(s.Root, "traefik")
	version, err := module.Version("github.com/traefik/traefik/v3")
	if err != nil {
		return image{}, err
	}
	c := command{
		module: module,
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
	return c.image("traefik:"+version, time.Minute)
}
