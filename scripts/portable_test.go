package scripts

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// A Mac has bash 3.2 and BSD's tools. The tests have none of these to run the scripts with, so this one looks for what only
// later versions of bash, or only GNU's tools, understand.
var unportable = map[string]*regexp.Regexp{
	"bash 4": regexp.MustCompile(`\b(mapfile|readarray|coproc)\b|\b(declare|local|typeset) -[a-z]*[An]|\$\{\w+(,,?|\^\^?)\}|\|&|&>>|;;?&|` +
		`\$\{\w+@|\bwait -n\b|%\([^)]*\)T|-v \w+ \]\]|EPOCH(SECONDS|REALTIME)|\$BASHPID|globstar`),
	"GNU": regexp.MustCompile(`\bsed (-[a-z]*i|--)|\breadlink -f|-printf\b|\bgrep (-[a-z]*P|--perl)|\bstat (-c|--)|\bdate (-d|--)|\bxargs (-r|-d|--)|` +
		`(^|[ (;])(timeout|nproc|tac|shuf|realpath|flock|sha256sum|md5sum) |\bhead -n -|(^|[(;&|])\s*(cp|mv|rm|ln|mkdir|sort|cut|tail|head|touch|mktemp) --|\bcp -[a-z]*[aT]|\bsort -[a-z]*V`),
}

// Those elsewhere run in containers, or are an adopter's.
func TestScriptsAreForAnySystem(t *testing.T) {
	listed, err := exec.Command("git", "-C", "..", "ls-files", "--", "infra/*.sh", "scripts/*.sh", "e2e/*.sh").Output()
	if err != nil {
		t.Fatal(err)
	}
	files := strings.Fields(string(listed))
	if len(files) < 6 {
		t.Fatalf("there are only %d scripts: %q", len(files), files)
	}
	for _, file := range files {
		text, err := os.ReadFile("../" + file)
		if err != nil {
			t.Fatal(err)
		}
		for number, line := range strings.Split(string(text), "\n") {
			if strings.HasPrefix(strings.TrimSpace(line), "#") {
				continue
			}
			for of, pattern := range unportable {
				if found := pattern.FindString(line); found != "" {
					t.Errorf("%s:%d: %q is for %s only: %s", file, number+1, found, of, line)
				}
			}
		}
	}
}
