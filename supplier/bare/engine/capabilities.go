package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"example.com/hello-world/supplier/bare/capabilities"
	"example.com/hello-world/supplier/bare/gobuild"
)

const (
	daemonConfig = "/etc/docker/daemon.json" // the user's: read it, never write it
	runtimeDir   = "/usr/local/libexec/hello-world"
	runtimeName  = "runc-bounded"
)

// boundCapabilities returns a configuration file for an engine that runs runc-bounded, if this machine lacks a capability that
// Docker gives to privileged containers (see that command). On other machines it returns "".
func boundCapabilities(ctx context.Context, log io.Writer, project gobuild.Module) (config string, err error) {
	missing, err := capabilities.Missing()
	if len(missing) == 0 || err != nil {
		return "", err
	}
	fmt.Fprintf(log, "this machine lacks %q: registering %s\n", missing, runtimeName)
	if err := os.MkdirAll(runtimeDir, 0o755); err != nil {
		return "", err
	}
	if err := project.Run(ctx, log, runtimeDir, gobuild.Build{Packages: []string{"./bare/" + runtimeName}}); err != nil {
		return "", err
	}
	config = filepath.Join(runtimeDir, "daemon.json")
	return config, registerRuntime(daemonConfig, config, runtimeName, filepath.Join(runtimeDir, runtimeName))
}

// registerRuntime writes a configuration with everything in the user's file, if there
// is one, and the runtime at path as the default.
func registerRuntime(users, to, name, path string) error {
	config := map[string]any{}
	text, err := os.ReadFile(users)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err == nil {
		if err := json.Unmarshal(text, &config); err != nil {
			return fmt.Errorf("%s: %w", users, err)
		}
	}
	runtimes, _ := config["runtimes"].(map[string]any)
	if runtimes == nil {
		runtimes = map[string]any{}
	}
	runtimes[name] = map[string]any{"path": path}
	config["runtimes"], config["default-runtime"] = runtimes, name
	text, err = json.MarshalIndent(config, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	return os.WriteFile(to, append(text, '\n'), 0o644)
}
