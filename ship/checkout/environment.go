package checkout

import (
	"cmp"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Variable is an environment variable.
type Variable struct{ Name, Value string }

// Environment returns what makes the raw commands work: the tools on PATH, and Pulumi with a state backend in this checkout,
// which needs no account and no passphrase. It keeps what the caller has set: PULUMI_BACKEND_URL for another backend,
// PULUMI_CONFIG_PASSPHRASE for a passphrase.
func (c Checkout) Environment() (set []Variable) {
	add := func(name, value string) { set = append(set, Variable{name, value}) }
	home := c.Path(".pulumi-home")
	backend := c.Backend()
	// For Pulumi Cloud, `pulumi login` keeps the credentials in the user's home.
	if user := os.Getenv("PULUMI_HOME"); strings.HasPrefix(backend, "http") && user != home {
		inHome, _ := os.UserHomeDir()
		add("PULUMI_CREDENTIALS_PATH", cmp.Or(os.Getenv("PULUMI_CREDENTIALS_PATH"), user, filepath.Join(inHome, ".pulumi")))
	}
	// The plugins that `make tools` supplied are here, out of other projects' way.
	add("PULUMI_HOME", home)
	add("PULUMI_BACKEND_URL", backend)
	if os.Getenv("PULUMI_CONFIG_PASSPHRASE") == "" && os.Getenv("PULUMI_CONFIG_PASSPHRASE_FILE") == "" {
		add("PULUMI_CONFIG_PASSPHRASE", "")
	}
	add("PULUMI_SKIP_UPDATE_CHECK", "true")
	// The docker command follows its context (Colima, OrbStack, rootless); the docker plugin follows only this variable.
	if os.Getenv("DOCKER_HOST") == "" {
		said, _ := exec.Command("docker", "context", "inspect", "--format", "{{.Endpoints.docker.Host}}").Output()
		if host := strings.TrimSpace(string(said)); host != "" && host != "unix:///var/run/docker.sock" {
			add("DOCKER_HOST", host)
		}
	}
	return set
}

// Enter sets the environment for this process and what it starts.
func (c Checkout) Enter() error {
	for _, v := range c.Environment() {
		if err := os.Setenv(v.Name, v.Value); err != nil {
			return err
		}
	}
	// The folder must exist before Pulumi looks for the state there.
	if err := os.MkdirAll(c.OwnState(), 0o755); err != nil {
		return err
	}
	return os.Setenv("PATH", c.Path("bin")+string(filepath.ListSeparator)+os.Getenv("PATH"))
}

// OwnState returns the folder of the state in this checkout.
func (c Checkout) OwnState() string { return c.Path(".pulumi-state") }

// In the URL of a folder, these mean something else than in its path.
var inURL, inPath = strings.NewReplacer("%", "%25", "#", "%23", "?", "%3F"), strings.NewReplacer("%25", "%", "%23", "#", "%3F", "?")

// stateOf returns the URL of the state in a checkout. Without metadata=skip, the backend writes a second file beside each file
// of the state, not atomically: a pulumi killed at that moment cannot read its state again.
func stateOf(root string) string {
	return "file://" + inURL.Replace(filepath.Join(root, ".pulumi-state")) + "?metadata=skip"
}

// Backend returns the URL of the state backend.
func (c Checkout) Backend() string {
	set := os.Getenv("PULUMI_BACKEND_URL")
	// What `make env` of another checkout has set is not the caller's choice.
	if set == "" || set == stateOf(filepath.Dir(os.Getenv("PULUMI_HOME"))) {
		return stateOf(c.Root)
	}
	return set
}

// StateFolder returns the folder of a backend that has one; "" if it has none.
func (c Checkout) StateFolder() string {
	folder, isFolder := strings.CutPrefix(c.Backend(), "file://")
	if !isFolder {
		return ""
	}
	folder, _, _ = strings.Cut(folder, "?")
	return inPath.Replace(folder)
}

// StateIsOwn reports whether the state is in this checkout.
func (c Checkout) StateIsOwn() bool { return c.StateFolder() == c.OwnState() }
