package cluster

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"

	"example.com/hello-world/infra/kubeconfig"
)

const (
	gatewayAPI   = "sigs.k8s.io/gateway-api"
	resourceType = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/"
	httpRoutes   = "httproutes.gateway.networking.k8s.io"
)

// declareGateways adds the resource types of Gateway API, as the module that go.mod names has them. They are the cluster's: no
// stack owns them. Those that somebody else has put there stay as they are.
func (c Cluster) declareGateways(ctx context.Context, to *kubeconfig.Connection) error {
	if there, err := to.Object(ctx, resourceType+httpRoutes); err != nil || there != nil {
		return err
	}
	files, err := c.gatewayTypes(ctx)
	if err != nil {
		return err
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		var declared map[string]any
		if err := yaml.Unmarshal(text, &declared); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		name := declared["metadata"].(map[string]any)["name"].(string)
		if err := to.Apply(ctx, resourceType+name, declared); err != nil {
			return err
		}
	}
	return c.until(ctx, "waiting for Gateway API", func() ([]string, error) {
		if there, err := to.Object(ctx, "/apis/gateway.networking.k8s.io/v1/httproutes"); err != nil || there == nil {
			return []string{"HTTPRoutes are not known yet"}, err
		}
		return nil, nil
	}, func(missing string) error { return fmt.Errorf("the cluster does not take Gateway API: %s", missing) })
}

// gatewayTypes returns the files with the standard resource types, that of HTTPRoutes last: once it is there, so are all.
func (c Cluster) gatewayTypes(ctx context.Context) ([]string, error) {
	download := exec.CommandContext(ctx, "go", "mod", "download", "-json", gatewayAPI)
	download.Dir = c.root
	said, err := download.Output()
	var module struct{ Dir, Error string }
	if json.Unmarshal(said, &module) != nil || module.Dir == "" {
		return nil, fmt.Errorf("go mod download %s: %s %v", gatewayAPI, module.Error, err)
	}
	files, err := filepath.Glob(filepath.Join(module.Dir, "config", "crd", "standard", "gateway.networking.k8s.io_*s.yaml"))
	if err != nil {
		return nil, err
	}
	files = slices.DeleteFunc(files, func(file string) bool { return strings.Contains(file, "_vap_") }) // policies, not types
	i := slices.IndexFunc(files, func(file string) bool { return strings.Contains(file, "_httproutes.") })
	if i < 0 {
		return nil, fmt.Errorf("%s has no resource type for HTTPRoutes", module.Dir)
	}
	last := files[i]
	return append(slices.Delete(files, i, i+1), last), nil
}
