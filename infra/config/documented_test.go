package config_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"

	"example.com/hello-world/infra/config"
)

// docs/configuration.md has a table for each group of keys in keys.go. If one differs, paste what this prints.
func TestKeysAreDocumented(t *testing.T) {
	page, err := os.ReadFile("../../docs/configuration.md")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("there is no such page, which the README links to")
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, group := range config.Groups {
		table := "### " + group.Title + "\n\n| key | on kind | on cloud | accepted | meaning |\n|---|---|---|---|---|\n"
		for _, key := range group.Keys {
			table += fmt.Sprintf("| %s | %s | %s | %s | %s |\n", shown(key),
				standard(key, config.Kind), standard(key, config.Cloud), key.Accepts(), key.Meaning)
		}
		if !strings.Contains(string(page), table+"\n") {
			t.Errorf("docs/configuration.md must have this:\n%s", table)
		}
	}
	if most := 50; len(config.Keys) > most {
		t.Errorf("there are %d keys, and %d is the most: look for one to merge", len(config.Keys), most)
	}
}

// docs/operations.md says what belongs to a version.
func TestVersionsAreDocumented(t *testing.T) {
	page, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	names := config.OfVersion()
	last := len(names) - 1
	want := "the keys `" + strings.Join(names[:last], "`, `") + "` and `" + names[last] + "`."
	if !strings.Contains(strings.Join(strings.Fields(string(page)), " "), want) {
		t.Errorf("docs/operations.md must have: %s", want)
	}
}

// shown is a key's name as the table shows it.
func shown(key config.Key) string {
	switch key.Secrecy {
	case config.Always:
		return key.Name + " (secret)"
	case config.Maybe:
		return key.Name + " (may be secret)"
	}
	return key.Name
}

// standard is a default as the table shows it.
func standard(key config.Key, target config.Target) string {
	value, ok := key.Shown[target]
	if !ok {
		value, ok = key.Default[target]
	}
	if !ok {
		return "–"
	}
	return "`" + value + "`"
}
