// Package scripts tests what the scripts show.
package scripts

import (
	"bytes"
	"errors"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"unicode/utf8"
)

// run runs a command in the project's folder, with further environment variables.
func run(t *testing.T, input string, environment []string, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = ".."
	cmd.Env = append(os.Environ(), environment...)
	cmd.Stdin = strings.NewReader(input)
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %q: %v: %s%s", name, args, err, out, &complaint)
	}
	return string(out)
}

// onTerminal runs a shell command as if at a terminal.
func onTerminal(t *testing.T, command string, environment ...string) string {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("the script command of other systems has other arguments")
	}
	if _, err := exec.LookPath("script"); err != nil {
		t.Skip(err)
	}
	out := run(t, "", append(environment, "SHELL=/bin/sh"), "script", "--quiet", "--return", "--command", command, os.DevNull)
	return strings.ReplaceAll(out, "\r\n", "\n")
}

// `make` alone lists every command that has a description, and fits a terminal of 80
// columns.
func TestHelp(t *testing.T) {
	said := run(t, "", []string{"TERM=xterm", "MAKEFLAGS="}, "make")
	for line := range strings.Lines(said) {
		if width := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); width > 80 {
			t.Errorf("%d columns: %s", width, line)
		}
	}
	makefile, err := os.ReadFile("../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	described := regexp.MustCompile(`(?m)^(\S+):.* ## `).FindAllSubmatch(makefile, -1)
	if len(described) < 10 {
		t.Errorf("only %d commands have a description", len(described))
	}
	for _, command := range described {
		if !strings.Contains(said, "  make "+string(command[1])+" ") {
			t.Errorf("it lacks %s: %s", command[1], said)
		}
	}
	if want := `eval "$(make env)"`; !strings.Contains(said, want) {
		t.Errorf("it lacks %s: %s", want, said)
	}
}

// Only terminals get colours, and none with NO_COLOR.
func TestColours(t *testing.T) {
	for _, test := range []struct {
		name        string
		environment []string
		terminal    bool
		want        string
	}{
		{"Pipe", []string{"TERM=xterm", "NO_COLOR="}, false, "  it begins\n  it has ended\n"},
		{"Terminal", []string{"TERM=xterm", "NO_COLOR="}, true, "  \x1b[2m· it begins\x1b[0m\n  \x1b[32m✓\x1b[0m it has ended\n"},
		{"NoColour", []string{"TERM=xterm", "NO_COLOR=1"}, true, "  · it begins\n  ✓ it has ended\n"},
		{"Dumb", []string{"TERM=dumb", "NO_COLOR="}, true, "  it begins\n  it has ended\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			const command = `bash -euc '. scripts/look.sh; begins it begins; say it has ended'`
			var got string
			if test.terminal {
				got = onTerminal(t, command, test.environment...)
			} else {
				got = run(t, "", test.environment, "sh", "-c", command)
			}
			if got != test.want {
				t.Errorf("it says %q, want %q", got, test.want)
			}
		})
	}
}

func TestSpan(t *testing.T) {
	got := run(t, "", nil, "bash", "-euc", `. scripts/look.sh; for s in 0 59 60 61 120 754; do span $s; done`)
	if want := "0s\n59s\n1m\n1m1s\n2m\n12m34s\n"; got != want {
		t.Errorf("spans are %q, want %q", got, want)
	}
}

// Of what pulumi says, the screen keeps a line for each object that was changed, and
// none for the others.
func TestBriefly(t *testing.T) {
	const preview = "Previewing update (dev):\n\n@ previewing update.....\n" +
		" +  kubernetes:core/v1:Namespace hello create \n" +
		"Diagnostics:\n  docker:index:Image (hello-world):\n    warning: of the preview\n\nResources:\n    + 20 to create\n\n"
	for name, test := range map[string]struct{ says, want string }{
		"changes": {preview + `Updating (dev):

 +  pulumi:pulumi:Stack hello-world-dev creating (0s) 
 +  hello-world:index:WebService hello created (0.01s) 
 ~  kubernetes:core/v1:Service traefik refresh (0.15s) 
 +  docker:index:Image hello-world creating (1s) [build 2/4] WORKDIR /src
 +  docker:index:Image hello-world created (6s) 
@ updating....
 ++ kubernetes:apps/v1:Deployment hello created replacement (11s) 
 ~  kubernetes:core/v1:Service hello-service updated (0.16s) 
    kubernetes:networking.k8s.io/v1:Ingress hello-ingress  
Diagnostics:
  docker:index:Image (hello-world):
    built in 3.3s, pushed in 3.1s: localhost:5001/hello-world
  kubernetes:core/v1:Namespace (hello):
    warning: something to know
Outputs:
    url: "http://127.0.0.1:8080/hello"

Resources:
    + 2 created
    ~ 1 updated
    3 changes. 17 unchanged

Duration: 27s

`, `  Image hello-world: created in 6s
  Deployment hello: created in 11s
  Service hello-service: updated in 0.16s

  kubernetes:core/v1:Namespace (hello):
    warning: something to know
  stack dev: + 2 created, ~ 1 updated, 17 unchanged, after 0s
`},
		"nothing": {"Previewing update (dev):\n\nResources:\n    20 unchanged\n\nUpdating (dev):\n\n" +
			"    kubernetes:core/v1:Namespace hello  \nResources:\n    20 unchanged\n\nDuration: 3s\n",
			"  stack dev: 20 unchanged, after 0s\n"},
		"refused": {"Previewing update (dev):\n\n    pulumi:pulumi:Stack hello-world-dev **failed** 1 error\nDiagnostics:\n" +
			"  pulumi:pulumi:Stack (hello-world-dev):\n    error: nothing was changed\n\nResources:\n    1 errored\n",
			"\n  pulumi:pulumi:Stack (hello-world-dev):\n    error: nothing was changed\n\n  stack dev: 1 errored, failed after 0s\n"},
		"without its cluster": {"Destroying (dev):\n\n -  kubernetes:core/v1:Namespace hello deleted (0.01s) \nDiagnostics:\n" +
			"  kubernetes:core/v1:Namespace (hello):\n    warning: configured Kubernetes cluster is unreachable\n" +
			"    the `deleteUnreachable` option is enabled\n\nResources:\n    - 1 deleted\n\nDuration: 1s\n",
			"  Namespace hello: deleted in 0.01s\n  stack dev: - 1 deleted, after 0s\n"},
	} {
		t.Run(name, func(t *testing.T) {
			said := run(t, test.says, nil, "scripts/brief.sh", "dev")
			// A terminal shows of a line what follows the last order to erase it.
			got := regexp.MustCompile(`(?m)^.*\r\x1b\[K`).ReplaceAllString(said, "")
			if got = regexp.MustCompile(`after \d+s`).ReplaceAllString(got, "after 0s"); got != test.want {
				t.Errorf("the screen shows\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

// `make env` points Pulumi to the checkout, however often it is evaluated, and users
// of Pulumi Cloud to their own credentials.
func TestEnv(t *testing.T) {
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	const show = `eval "$(scripts/env.sh)"; eval "$(scripts/env.sh)"; echo "$PULUMI_HOME,${PULUMI_CREDENTIALS_PATH:-},$PULUMI_BACKEND_URL"`
	unset := []string{"HOME=/home/me", "PULUMI_HOME=", "PULUMI_CREDENTIALS_PATH=", "PULUMI_BACKEND_URL="}
	inURL := strings.NewReplacer("%", "%25", "#", "%23", "?", "%3F").Replace(root)
	home, own := root+"/.pulumi-home", "file://"+inURL+"/.pulumi-state?metadata=skip"
	for _, test := range []struct {
		set  string
		want string
	}{
		{"", home + ",," + own},
		{"PULUMI_HOME=/mine", home + ",," + own},
		{"PULUMI_BACKEND_URL=s3://mine", home + ",,s3://mine"},
		{"PULUMI_BACKEND_URL=https://api.pulumi.com", home + ",/home/me/.pulumi,https://api.pulumi.com"},
		{"PULUMI_HOME=/mine PULUMI_BACKEND_URL=https://api.pulumi.com", home + ",/mine,https://api.pulumi.com"},
		{"PULUMI_CREDENTIALS_PATH=/mine PULUMI_BACKEND_URL=https://api.pulumi.com", home + ",/mine,https://api.pulumi.com"},
	} {
		got := run(t, "", append(unset, strings.Fields(test.set)...), "bash", "-euc", show)
		if got != test.want+"\n" {
			t.Errorf("with %q: %q, want %q", test.set, got, test.want)
		}
	}
}

// target.sh reads what a stack runs on from its file, if there is one.
func TestTarget(t *testing.T) {
	for stack, want := range map[string]string{"dev": "kind\n", "prod": "cloud\n", "nosuch": "kind\n"} {
		if got := run(t, "", nil, "scripts/target.sh", stack); got != want {
			t.Errorf("the stack %s runs on %q, want %q", stack, got, want)
		}
	}
}

// `make clean` removes what bears this project's mark, except what is in use.
func TestClean(t *testing.T) {
	root := t.TempDir()
	asked := filepath.Join(root, "asked")
	docker := `#!/bin/sh
echo "$@" >>` + asked + `
case "$*" in
*label=hello-world.pins*) echo "1 kindest/node:v1 1GB"; echo "2 registry:3 50MB" ;;
*label=hello-world.project*) echo "3 <none>:<none> 6MB" ;;
"rmi registry:3") exit 1 ;;
esac
`
	for name, text := range map[string]string{
		"bin/docker": docker, "bin/go": "#!/bin/sh\necho $HELLO_WORLD_CACHE/hello-world\n", "checkout/scripts/clean.sh": read(t, "clean.sh"), "checkout/scripts/look.sh": read(t, "look.sh"),
		"checkout/bin/tool": "", "checkout/.pulumi-state/state": "", "cache/hello-world/entry/file": "", "cache/another/file": "",
	} {
		checkout(root).write(t, name, text)
	}
	clean := func(args ...string) string {
		return run(t, "", []string{"PATH=" + root + "/bin:" + os.Getenv("PATH"), "HELLO_WORLD_CACHE=" + root + "/cache"},
			filepath.Join(root, "checkout/scripts/clean.sh"), args...)
	}
	if said := clean("--tell"); !strings.Contains(said, "3 images that were built") {
		t.Errorf("it tells %s", said)
	}
	said := clean()
	for _, words := range []string{"bin: ", root + "/cache/hello-world: ", "image kindest/node:v1: 1GB, removed", "image 3: 6MB, removed", "image registry:3: 50MB, stays"} {
		if !strings.Contains(said, words) {
			t.Errorf("it does not say %q: %s", words, said)
		}
	}
	for name, stays := range map[string]bool{"checkout/bin": false, "cache/hello-world": false, "cache/another/file": true, "checkout/.pulumi-state/state": true} {
		if _, err := os.Stat(filepath.Join(root, name)); (err == nil) != stays {
			t.Errorf("%s is there: %v", name, err == nil)
		}
	}
	for line := range strings.Lines(read(t, asked)) {
		if !strings.HasPrefix(line, "images --filter label=hello-world.") && !strings.HasPrefix(line, "rmi ") {
			t.Errorf("Docker was asked for %s", line)
		}
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// `make down` removes a stack outside of kind only after you type its name.
func TestDownAsksForProduction(t *testing.T) {
	cmd := exec.Command("scripts/down.sh", "prod")
	cmd.Dir = ".."
	if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), "scripts/down.sh prod --yes") {
		t.Errorf("without a terminal it ends with %v: %s", err, out)
	}
	said := onTerminal(t, `echo dev | script --quiet --return --command "scripts/down.sh prod" /dev/null || true`)
	if !strings.Contains(said, "Type its name to go on") || !strings.Contains(said, "stack prod stays") {
		t.Errorf("with another name typed it says %s", said)
	}
}

// The state's address leads to the folder of the checkout, whatever its name, and whatever `make env` of another checkout
// has set.
func TestStateIsTheCheckoutsOwn(t *testing.T) {
	text := []byte(read(t, "env.sh"))
	checkout := func() (root, script string) {
		root = filepath.Join(t.TempDir(), "100%41 #1? über")
		script = filepath.Join(root, "scripts", "env.sh")
		if err := errors.Join(os.MkdirAll(filepath.Dir(script), 0o755), os.WriteFile(script, text, 0o755)); err != nil {
			t.Fatal(err)
		}
		return root, script
	}
	_, first := checkout()
	root, second := checkout()
	address, err := url.Parse(run(t, "", []string{"PULUMI_BACKEND_URL="}, "bash", "-euc",
		`eval "$("$0")" && eval "$("$1")" && printf %s "$PULUMI_BACKEND_URL"`, first, second))
	if want := filepath.Join(root, ".pulumi-state"); err != nil || address.Path != want || address.RawQuery != "metadata=skip" {
		t.Errorf("the state is at %v, error %v, want the folder %s", address, err, want)
	}
}

// Wrong settings are refused before anything is asked or made.
func TestClusterSettings(t *testing.T) {
	for setting, says := range map[string]string{
		"HTTP_PORT=5001":       "HTTP_PORT and REGISTRY_PORT are both 5001",
		"HTTP_PORT=80800":      `HTTP_PORT is "80800": accepted are 1 to 65535`,
		"NODES=none":           `NODES is "none": accepted are 1 to 99`,
		"REGISTRY_PORT=a port": `REGISTRY_PORT is "a port": accepted are 1 to 65535`,
	} {
		cmd := exec.Command("cluster/up.sh")
		cmd.Dir, cmd.Env = "..", append(os.Environ(), "CLUSTER=hello-world-no-such-cluster", "REGISTRY_PORT=5001", setting)
		if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), says) {
			t.Errorf("%s: want %q, got %v: %s", setting, says, err, out)
		}
	}
}
