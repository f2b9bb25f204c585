package docs

import (
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// commands.txt lists every command in a page's shell blocks, with the test that runs it or the reason why none does, and no
// command that is in no page.
func TestEveryCommandIsRun(t *testing.T) {
	unlessAdopted(t)
	written := map[string]string{} // the page of each command
	for _, p := range pages(t) {
		for _, command := range p.commands() {
			written[command] = p.file
		}
	}

	tests := testSources(t)
	listed := map[string]bool{}
	list := func(command, verdict string) {
		if listed[command] {
			t.Errorf("commands.txt lists %q twice", command)
		}
		if written[command] == "" {
			t.Errorf("commands.txt lists %q, under %q, and no page has it", command, verdict)
		}
		listed[command] = true
	}
	var verdict string
	for line := range strings.Lines(contents(t, "commands.txt")) {
		line = strings.TrimRight(line, "\n")
		command, indented := strings.CutPrefix(line, "    ")
		page, whole := strings.CutPrefix(command, "every command of ")
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case !indented:
			verdict = line
			if problem := checkVerdict(verdict, tests); problem != "" {
				t.Errorf("commands.txt: %q: %s", verdict, problem)
			}
		case whole:
			commands := read(t, page).commands()
			slices.Sort(commands)
			for _, command := range slices.Compact(commands) {
				list(command, verdict)
			}
		default:
			list(command, verdict)
		}
	}
	for _, command := range slices.Sorted(maps.Keys(written)) {
		if !listed[command] {
			t.Errorf("%s has a command that commands.txt does not list: %s", written[command], command)
		}
	}
}

// checkVerdict returns what is wrong with "run by TEST" or "not run: REASON", or "".
func checkVerdict(verdict, tests string) string {
	if reason, ok := strings.CutPrefix(verdict, "not run: "); ok && reason != "" {
		return ""
	}
	test, ok := strings.CutPrefix(verdict, "run by ")
	if !ok {
		return "it must be \"run by TEST\" or \"not run: REASON\""
	}
	name := test[strings.LastIndex(test, "/")+1:]
	if !strings.Contains(tests, "func Test"+name+"(") && !strings.Contains(tests, `"`+name+`"`) {
		return "there is no such test"
	}
	return ""
}

// testSources returns the text of all tests that run commands.
func testSources(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	for _, folder := range []string{"../e2e", "../scripts"} {
		err := filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
			if strings.HasSuffix(path, "_test.go") {
				all.WriteString(contents(t, path))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all.String()
}

// shortcut is what nobody types: an update without its preview, or a script that a target of make runs.
var shortcut = regexp.MustCompile(`--skip-preview|\b(scripts|cluster)/[\w-]*\.sh|"(scripts|cluster)/"`)

// The end-to-end scenarios type what the pages tell people to type. If one takes a shortcut, a comment beside it or above it
// says why. The benchmark may: it measures shortcuts too.
func TestScenariosTypeWhatPeopleType(t *testing.T) {
	err := filepath.WalkDir("../e2e", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && entry.Name() == "bench":
			return filepath.SkipDir
		case filepath.Ext(path) != ".go":
			return nil
		}
		var above string
		for line := range strings.Lines(contents(t, path)) {
			line = strings.TrimSpace(line)
			explained := strings.HasPrefix(above, "//") || strings.HasPrefix(line, "//") || strings.Contains(line, " // ")
			if shortcut.MatchString(line) && !explained {
				t.Errorf("%s: nobody types this, and no comment says why the scenario does: %s", path, line)
			}
			above = line
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

var comment = regexp.MustCompile(`(?m)(^|[ ]+)# .*$`)

// commands returns the lines of the page's shell blocks, without comments.
func (p page) commands() (commands []string) {
	for _, block := range p.blocks {
		script, ok := strings.CutPrefix(block, "sh\n")
		if !ok {
			continue
		}
		for line := range strings.Lines(comment.ReplaceAllString(script, "")) {
			if line = strings.TrimSpace(line); line != "" {
				commands = append(commands, line)
			}
		}
	}
	return commands
}
