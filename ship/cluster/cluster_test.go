package cluster

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.com/hello-world/supplier/progress"
)

// Wrong settings are refused before anything is asked or made.
func TestSettings(t *testing.T) {
	for setting, says := range map[string]string{
		"HTTP_PORT=5001":       "HTTP_PORT and REGISTRY_PORT are both 5001",
		"HTTP_PORT=80800":      `HTTP_PORT is "80800": accepted are 1 to 65535`,
		"HTTP_PORT=080":        `HTTP_PORT is "080": accepted are 1 to 65535`,
		"NODES=none":           `NODES is "none": accepted are 1 to 99`,
		"NODES=0":              `NODES is "0": accepted are 1 to 99`,
		"REGISTRY_PORT=a port": `REGISTRY_PORT is "a port": accepted are 1 to 65535`,
	} {
		name, value, _ := strings.Cut(setting, "=")
		t.Run(setting, func(t *testing.T) {
			t.Setenv("REGISTRY_PORT", "5001")
			t.Setenv(name, value)
			if _, err := Of(".", progress.Printer{}); err == nil || !strings.Contains(err.Error(), says) {
				t.Errorf("want %q, got %v", says, err)
			}
		})
	}
}

// What kind says goes to the log, and its steps to the user: on a terminal when they end, elsewhere when they begin.
func TestSteps(t *testing.T) {
	for _, test := range []struct {
		terminal bool
		want     string
	}{
		{false, "  cluster app: Preparing nodes\n  cluster app: Writing configuration\n"},
		{true, "  ✓ cluster app: Preparing nodes, 0s\n  ✓ cluster app: Writing configuration, 0s\n"},
	} {
		var log, out bytes.Buffer
		c := Cluster{Name: "app", Printer: progress.Printer{Out: &out, Style: progress.Style{Terminal: test.terminal}}}
		s := &steps{Cluster: c, log: &log, began: time.Now()}
		info := s.V(0)
		info.Info("Creating cluster \"app\" ...\n")
		info.Infof(" • %s  ...\n", "Preparing nodes 📦 📦 ")
		info.Infof(" ✓ %s\n", "Preparing nodes 📦 📦 ")
		info.Infof(" • %s  ...\n", "Writing configuration 📜")
		info.Infof(" ✓ %s\n", "Writing configuration 📜")
		s.V(3).Info("nothing to anybody")
		s.Warn("a warning")
		if out.String() != test.want {
			t.Errorf("it shows %q, want %q", out.String(), test.want)
		}
		if said := log.String(); !strings.Contains(said, "📜") || !strings.HasSuffix(said, "a warning\n") || strings.Contains(said, "nothing") {
			t.Errorf("the log has %q", said)
		}
	}
}

// A known failure says what to do.
func TestCause(t *testing.T) {
	log := filepath.Join(t.TempDir(), "kind.log")
	for text, runc := range map[string]bool{"nothing": false, "runc: unable to apply caps: operation not permitted": true} {
		if err := os.WriteFile(log, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		err := Cluster{}.cause(errors.New("failed to create cluster: exit 1\nOutput: long"), log)
		if said := err.Error(); strings.Contains(said, "runc-bounded") != runc || strings.Contains(said, "long") || !strings.HasSuffix(said, "\n  the log of kind is "+log) {
			t.Errorf("of %q it says %s", text, said)
		}
	}
}

// The versions are those that supplier/ supplies.
func TestImages(t *testing.T) {
	node, traefik, err := Cluster{root: "../.."}.images()
	if err != nil || !strings.HasPrefix(node, "kindest/node:v1.") || !strings.HasPrefix(traefik, "traefik:v3.") {
		t.Errorf("the images are %s and %s, error %v", node, traefik, err)
	}
	if nodes := (Cluster{Nodes: 3}).definition(node).Nodes; len(nodes) != 3 || nodes[2].Image != node {
		t.Errorf("the nodes are %v", nodes)
	}
}
