//go:build e2e

package faults

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"example.com/hello-world/e2e/internal/drive"
)

// testDatabase gives the API the database that one key brings up.
func testDatabase(t *testing.T) {
	s := api
	s.name, s.config = "notes", []string{"path=/notes", "healthPath=/notes/healthz", "egress=none"}
	d := s.copyOf(t, api.image(t))
	d.up(t)
	response, err := http.Post(d.url(), "text/plain", strings.NewReader("it works"))
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("a note is answered with %v, error %v", response, err)
	}
	response.Body.Close()
	count := func() string {
		t.Helper()
		said, err := d.Output("bash", "-c", `echo "select text from notes where text like 'it%'" | make --silent db`)
		if err != nil {
			t.Errorf("make db says %s, error %v", said, err)
		}
		return said
	}
	if said := count(); !strings.Contains(said, "it works") {
		t.Errorf("make db says %s", said)
	}

	// Its files stay while it moves. Only the service's namespace reaches it.
	d.Kubectl(t, "delete", "pod", "-n", d.database(), "--all")
	d.AwaitPods(t, d.database(), drive.Patience, func(pods drive.Pods) bool { return len(pods.Ready()) == 1 })
	d.answers(t, "version one")
	if said := strings.Join(d.Kubectl(t, "logs", "-n", d.database(), "deployment/postgres"), " "); strings.Contains(said, "not properly shut down") {
		t.Errorf("two of them had its files at a time: %s", said)
	}
	if said := count(); !strings.Contains(said, "it works") {
		t.Errorf("after its Pod was deleted, make db says %s", said)
	}
	address := d.Address(t, d.database(), d.Pods(t, d.database())[0].Name, "5432")
	d.Reaches(t, d.name, d.Pods(t, d.name)[0].Name, address, true)
	hellos := d.Pods(t, "hello").Ready()
	d.Reaches(t, "hello", hellos[0].Name, address, false)

	// Its password is no plain text, and stays.
	password := d.Kubectl(t, "get", "secret", "postgres", "-n", d.database(), "-o", "jsonpath={.data.password}")
	if state := d.Pulumi(t, "stack", "export"); strings.Contains(state, "postgres://postgres:") {
		t.Error("the state has the password in plain text")
	}
	d.Configure(t, `env={"VERSION":"two"}`)
	d.Pulumi(t, "up")
	d.answers(t, "version two")
	if now := d.Kubectl(t, "get", "secret", "postgres", "-n", d.database(), "-o", "jsonpath={.data.password}"); now[0] != password[0] {
		t.Error("the password changed")
	}

	said, err := d.Output("pulumi", "--non-interactive", "destroy")
	if err != nil {
		t.Fatal(said, err)
	}
	for deadline := time.Now().Add(drive.Patience); len(d.Kubectl(t, "get", "namespace", d.database(), "--ignore-not-found", "-o", "name")) > 0; {
		if time.Now().After(deadline) {
			t.Fatal("the database's namespace is still there")
		}
	}
}
