package checkout

import (
	"crypto/sha1"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// write writes a file.
func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// made makes a checkout in a folder of that name, for a user with an empty environment.
func made(t *testing.T, name string) Checkout {
	t.Helper()
	for _, name := range []string{"PULUMI_HOME", "PULUMI_BACKEND_URL", "PULUMI_CREDENTIALS_PATH", "DOCKER_HOST"} {
		t.Setenv(name, "")
	}
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	root = filepath.Join(root, name)
	write(t, filepath.Join(root, "Pulumi.yaml"), "name: hello-world\nruntime: go\n")
	write(t, filepath.Join(root, "infra", "main.go"), "")
	c, err := Open(filepath.Join(root, "infra"))
	if err != nil || c.Root != root || c.Project != "hello-world" {
		t.Fatalf("the checkout is %v, error %v", c, err)
	}
	return c
}

// The commands use the selected stack, or dev if there is none.
func TestSelected(t *testing.T) {
	c := made(t, "a")
	selected := func(want string) {
		t.Helper()
		if got := c.Selected(); got != want {
			t.Errorf("it is %q, want %s", got, want)
		}
	}
	selected("dev")
	file := c.Path(".pulumi-home", "workspaces", fmt.Sprintf("hello-world-%x-workspace.json", sha1.Sum([]byte(c.Path("Pulumi.yaml")))))
	write(t, file, `{"stack": "organization/hello-world/prod"}`)
	selected("prod")
	write(t, file, `{"stack": "second"}`)
	selected("second")
	write(t, file, `{"stack": "before", "stacks": {"`+c.Backend()+`": "organization/hello-world/prod", "s3://states?endpoint=x&use_path_style=true": "organization/hello-world/third"}}`)
	selected("prod")
	t.Setenv("PULUMI_BACKEND_URL", "s3://states?endpoint=x&use_path_style=true")
	selected("third")
	t.Setenv("PULUMI_BACKEND_URL", "s3://other")
	selected("before")
	write(t, file, "{}")
	selected("dev")
	write(t, strings.Replace(file, "/hello-world", "/another", 1), `{"stack": "theirs"}`)
	selected("dev")
}

// The state's address leads to the folder of the checkout, whatever its name, and whatever `make env` of another checkout has
// set.
func TestStateIsTheCheckoutsOwn(t *testing.T) {
	other := made(t, "other")
	for _, name := range []string{"plain", "100%41 #1? über", "%3F%25", "a[1]", "a b"} {
		c := made(t, name)
		t.Setenv("PULUMI_HOME", other.Path(".pulumi-home"))
		t.Setenv("PULUMI_BACKEND_URL", stateOf(other.Root))
		address, err := url.Parse(c.Backend())
		if want := c.Path(".pulumi-state"); err != nil || address.Path != want || address.RawQuery != "metadata=skip" || c.StateFolder() != want || !c.StateIsOwn() {
			t.Errorf("%s: the state is at %v, error %v, want the folder %s", name, address, err, want)
		}
		write(t, c.Path(".pulumi-state", ".pulumi", "stacks", "before", "dev.json"), `{"urn": "x"}`)
		if got := c.Earlier("dev"); got != "before" {
			t.Errorf("%s: the project was called %q", name, got)
		}
	}
}

// Whoever has set a backend keeps it, and users of Pulumi Cloud their credentials.
func TestEnvironment(t *testing.T) {
	c := made(t, "a")
	t.Setenv("HOME", "/home/me")
	home, own := c.Path(".pulumi-home"), stateOf(c.Root)
	for set, want := range map[string]string{
		"":                                home + ",," + own,
		"PULUMI_HOME=/mine":               home + ",," + own,
		"PULUMI_BACKEND_URL=s3://mine":    home + ",,s3://mine",
		"PULUMI_BACKEND_URL=https://of.x": home + ",/home/me/.pulumi,https://of.x",
		"PULUMI_HOME=/mine PULUMI_BACKEND_URL=https://of.x":             home + ",/mine,https://of.x",
		"PULUMI_CREDENTIALS_PATH=/mine PULUMI_BACKEND_URL=https://of.x": home + ",/mine,https://of.x",
	} {
		t.Run(set, func(t *testing.T) {
			for variable := range strings.FieldsSeq(set) {
				name, value, _ := strings.Cut(variable, "=")
				t.Setenv(name, value)
			}
			got := map[string]string{}
			for range 2 { // however often it is evaluated
				for _, v := range c.Environment() {
					got[v.Name] = v.Value
					t.Setenv(v.Name, v.Value)
				}
			}
			if said := got["PULUMI_HOME"] + "," + got["PULUMI_CREDENTIALS_PATH"] + "," + got["PULUMI_BACKEND_URL"]; said != want {
				t.Errorf("it is %q, want %q", said, want)
			}
		})
	}
}

// What a stack runs on is read from its file, if there is one.
func TestOnKind(t *testing.T) {
	c := made(t, "a")
	write(t, c.StackFile("prod"), "config:\n  hello-world:target: \"cloud\" # mine\n")
	write(t, c.StackFile("dev"), "config:\n  hello-world:target: kind\n")
	for stack, want := range map[string]bool{"dev": true, "prod": false, "nosuch": true} {
		if got, err := c.OnKind(stack); err != nil || got != want {
			t.Errorf("%s is on kind: %v, error %v", stack, got, err)
		}
	}
	write(t, c.StackFile("prod"), "config: [")
	if _, err := c.OnKind("prod"); err == nil {
		t.Error("a file that is no YAML is on kind")
	}
}
