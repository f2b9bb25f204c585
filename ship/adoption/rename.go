// Package adoption renames a checkout of the project. It is no template of `pulumi new`, which fills in places left open in
// sources: these are whole, compiled and tested.
package adoption

import (
	"fmt"
	"go/format"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/dlclark/regexp2"
)

// Original is what the project is called before it is adopted.
const Original = "hello-world"

// accepted are names of projects, but for ofOthers, which something else beside this project is called.
var accepted, ofOthers = regexp.MustCompile(`^[a-z]([a-z0-9-]{0,28}[a-z0-9])?$`), regexp.MustCompile(`^(app|kind|hello|hello-.*|traefik|headlamp|default|kube-.*)$`)

// Check refuses a name that a project cannot have.
func Check(name string) error {
	switch {
	case !accepted.MatchString(name):
		return fmt.Errorf("NAME is \"%s\": accepted are 1 to 30 lower-case letters, digits and dashes, with a letter first and no dash at the end, as in 'make adopt NAME=shop'", name)
	case ofOthers.MatchString(name):
		return fmt.Errorf("NAME is %q, which something else beside this project is called: accepted is any other name", name)
	}
	return nil
}

// Ports are those of a project's kind cluster.
type Ports struct{ HTTP, Registry int }

// portsOf returns ports that follow from the name, so that two projects rarely get the same ones.
func portsOf(name string) Ports {
	offset := 1 + int(cksum(name)%98)
	return Ports{HTTP: 8080 + offset, Registry: 5001 + offset}
}

// cksum returns the checksum of the command cksum of POSIX, by which adopted projects have their ports.
func cksum(text string) uint32 {
	var sum uint32
	take := func(octet byte) {
		sum ^= uint32(octet) << 24
		for range 8 {
			carry := sum >> 31
			sum = sum<<1 ^ carry*0x04C11DB7
		}
	}
	for _, octet := range []byte(text) {
		take(octet)
	}
	for length := len(text); length > 0; length >>= 8 {
		take(byte(length))
	}
	return ^sum
}

// Changed reports whether the checkout has changes that are not committed.
func Changed(root string) (bool, error) {
	said, err := exec.Command("git", "-C", root, "status", "--porcelain", "--untracked-files=no").Output()
	return len(said) > 0, err
}

// Rename makes the checkout in a folder the project of that name. It leaves the server, which is an example.
func Rename(root, name string) (Ports, error) {
	ports := portsOf(name)
	list := exec.Command("git", "grep", "-lIzE", "hello|app-cluster|kind-registry|5001|8080", "--",
		":!app", ":!supplier/modules", ":!ship/adoption", ":!ship/commands/adopt_test.go", ":!docs/adopt.md")
	list.Dir = root
	files, err := list.Output()
	if err != nil {
		return ports, fmt.Errorf("git grep: %w", err)
	}
	for file := range strings.SplitSeq(strings.TrimSuffix(string(files), "\x00"), "\x00") {
		if err := rename(filepath.Join(root, file), file, name, ports); err != nil {
			return ports, fmt.Errorf("%s: %w", file, err)
		}
	}
	return ports, nil
}

func rename(path, file, name string, ports Ports) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	renamed := Renamed(file, string(text), name, ports)
	if renamed == string(text) {
		return nil
	}
	if strings.HasSuffix(file, ".go") { // columns are as wide as names
		formatted, err := format.Source([]byte(renamed))
		if err != nil {
			return err
		}
		renamed = string(formatted)
	}
	return os.WriteFile(path, []byte(renamed), info.Mode())
}

// What is renamed. What stays is what the supplier keeps on this machine for all projects, and the annotations of objects and
// labels of images, which all of them go by.
var (
	module  = regexp2.MustCompile(`example\.com/hello-world(?!/supplier/modules)`, regexp2.None)
	project = regexp2.MustCompile(`((?<![/\w])hello-world/[a-z]|label=hello-world|hello-world\.[a-z]|(?:[Cc]aches?|CACHE)\}?/hello-world)|hello-world`, regexp2.None)
	hello   = regexp2.MustCompile(`(?<![\w.])hello(?!-world|\w|\.go| server| greets|\()`, regexp2.None)
	// In Go, hello is also a variable, so only texts count.
	texts    = regexp2.MustCompile("(//[^\\n]*|'(?:[^'\\\\\\n]|\\\\.)+')|(\"(?:[^\"\\\\\\n]|\\\\.)*\"|`[^`]*`)", regexp2.None)
	cluster  = regexp2.MustCompile(`\bapp-cluster`, regexp2.None)
	registry = regexp2.MustCompile(`\bkind-registry`, regexp2.None)
	http     = regexp2.MustCompile(`(127\.0\.0\.1:|\.example\.com:|HTTP_PORT\W{1,5})8080(?!\d)`, regexp2.None)
	ofLocal  = regexp2.MustCompile(`port 8080 on 127`, regexp2.None)
	pushed   = regexp2.MustCompile(`(localhost:|(?:REGISTRY|HTTP)_PORT\W{1,5}|are both )5001(?!\d)`, regexp2.None)
)

// Renamed returns the text of a file in a project of that name.
func Renamed(file, text, name string, ports Ports) string {
	text = replace(module, text, func(regexp2.Match) string { return "example.com/" + name })
	if strings.HasPrefix(file, "supplier/") || strings.HasPrefix(file, "e2e/adopt") {
		return text
	}
	text = replace(project, text, func(m regexp2.Match) string {
		if stays := m.GroupByNumber(1).String(); stays != "" {
			return stays
		}
		return name
	})
	greet := func(text string) string { return replace(hello, text, func(regexp2.Match) string { return name }) }
	if strings.HasSuffix(file, ".go") {
		text = replace(texts, text, func(m regexp2.Match) string {
			if stays := m.GroupByNumber(1).String(); stays != "" {
				return stays
			}
			return greet(m.String())
		})
	} else {
		text = greet(text)
	}
	text = replace(cluster, text, func(regexp2.Match) string { return name + "-cluster" })
	text = replace(registry, text, func(regexp2.Match) string { return name + "-registry" })
	text = replace(http, text, func(m regexp2.Match) string { return fmt.Sprint(m.GroupByNumber(1).String(), ports.HTTP) })
	text = replace(ofLocal, text, func(regexp2.Match) string { return fmt.Sprintf("port %d on 127", ports.HTTP) })
	return replace(pushed, text, func(m regexp2.Match) string { return fmt.Sprint(m.GroupByNumber(1).String(), ports.Registry) })
}

func replace(pattern *regexp2.Regexp, in string, with regexp2.MatchEvaluator) string {
	out, err := pattern.ReplaceFunc(in, with, -1, -1)
	if err != nil {
		panic(err) // a pattern above takes too long
	}
	return out
}
