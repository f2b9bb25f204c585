//go:build e2e

package cloud

import (
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.com/hello-world/e2e/internal/drive"
)

// tooLong is when a person gives up waiting for an error.
const tooLong = time.Minute

// An error names a cluster that is missing, or not the right one, and comes soon. Neither the stack nor the cluster changes.
func testWrongCluster(t *testing.T) {
	stack := newStack(t, "wrong", nil)
	stack.Pulumi(t, "up")
	outputs := stack.Outputs(t)
	settingsFile := filepath.Join(stack.Dir, "Pulumi.wrong.yaml")
	right := stack.Read(t, "Pulumi.wrong.yaml")
	before := stack.Fingerprint(t, outputs.Namespace)

	closed, silent := listen(t), listen(t)
	closed.Close()
	other := httptest.NewTLSServer(nil)
	defer other.Close()
	name := "kind-" + site.Settings["CLUSTER"]
	for _, test := range []struct {
		name   string
		config config
		says   []string
	}{
		{"NoListener", leadingTo(t, "set-cluster "+name+" --server https://"+closed.Addr().String()), []string{closed.Addr().String(), "connection refused"}},
		{"NoAnswer", leadingTo(t, "set-cluster "+name+" --server https://"+silent.Addr().String()), []string{silent.Addr().String(), "does not answer"}},
		{"AnotherAnswers", leadingTo(t, "set-cluster "+name+" --server "+other.URL), []string{other.URL, "certificate"}},
		{"Credentials", leadingTo(t, "set-credentials former --token expired", "set-context "+name+" --user former"), []string{"credentials"}},
		{"Context", config{"context": "kind-elsewhere"}, []string{"context", "kind-elsewhere", name}},
	} {
		t.Run(test.name, func(t *testing.T) {
			configure(t, stack, test.config)
			refused(t, stack, tooLong, "preview", test.says...)
			refused(t, stack, tooLong, "up", test.says...)
			if err := os.WriteFile(settingsFile, right, 0o644); err != nil {
				t.Fatal(err)
			}
		})
	}

	if after := stack.Fingerprint(t, outputs.Namespace); after != before {
		t.Errorf("something changed:\nbefore %s\nafter  %s", before, after)
	}
	drive.Eventually(t, outputs.URL, drive.IsGreeting)
	stack.Pulumi(t, "up", "--expect-no-changes")
}

// leadingTo returns a configuration with a copy of the cluster's kubeconfig, changed by kubectl config commands.
func leadingTo(t *testing.T, changes ...string) config {
	t.Helper()
	contents := hello.Read(t, filepath.Base(site.KubeconfigFile(hello)))
	file := filepath.Join(t.TempDir(), "kubeconfig")
	if err := os.WriteFile(file, contents, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, change := range changes {
		args := append([]string{"--kubeconfig", file, "config"}, strings.Fields(change)...)
		if _, err := hello.Output("kubectl", args...); err != nil {
			t.Fatal(err)
		}
	}
	changed, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return config{"kubeconfig": secret(changed)}
}

// listen accepts connections and never sends anything.
func listen(t *testing.T) net.Listener {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	return listener
}
