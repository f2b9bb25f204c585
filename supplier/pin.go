package supplier

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"oras.land/oras-go/v2/registry/remote/retry"

	"example.com/hello-world/supplier/checksums"
	"example.com/hello-world/supplier/tools"
)

// Pin fills the checksums of the project in the folder root with what publishers show. It changes none that is there, but for
// the tools and images in replace. If it cannot get one, it writes none.
func Pin(ctx context.Context, root string, replace []string) error {
	for _, mirror := range []string{"GITHUB_MIRROR", "KUBERNETES_MIRROR", "IMAGE_MIRROR"} {
		if value := os.Getenv(mirror); value != "" {
			return fmt.Errorf("%s=%s: unset it, since only publishers know their checksums", mirror, value)
		}
	}
	sources, err := newSources(root)
	if err != nil {
		return err
	}
	return sources.pin(ctx, root, replace, &http.Client{Transport: retry.NewTransport(nil), Timeout: time.Minute})
}

// pin asks registries by a client.
func (s sources) pin(ctx context.Context, root string, replace []string, registries *http.Client) error {
	for _, name := range replace {
		if names := s.asked.Names(); !slices.Contains(names, name) {
			return fmt.Errorf("--replace %s: accepted are %s", name, strings.Join(names, ", "))
		}
	}
	published, err := s.images.Published(ctx, registries)
	if err != nil {
		return err
	}
	s.Say("%d images: asked their registries", len(published))
	all, err := s.tools.All()
	if err != nil {
		return err
	}
	forTests, err := s.tools.ForTests()
	if err != nil {
		return err
	}
	for _, tool := range append(all, forTests...) {
		for _, on := range tools.Platforms {
			sum, err := tool.Published(ctx, on)
			if err != nil {
				return fmt.Errorf("%s for %s: %w", tool.Name, on, err)
			}
			published[checksums.Key{Name: tool.Name, Version: tool.Version, Platform: on.String()}] = "sha256:" + sum
		}
		s.Say("%s %s: asked its publisher", tool.Name, tool.Version)
	}
	filled, moved, err := s.images.Checksums.Filled(published, replace)
	if err != nil {
		return err
	}
	for _, image := range moved {
		s.Say("%s", image)
	}
	if err := filled.Write(root); err != nil {
		return err
	}
	s.Say("%s: has %d", checksums.File, len(filled))
	return nil
}
