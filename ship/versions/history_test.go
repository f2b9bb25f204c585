package versions

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// image returns the image of a version, which is a digit.
func image(digit int) string {
	return "localhost:5001/hello-world@sha256:" + strings.Repeat(fmt.Sprint(digit), 64)
}

// entry is an update in a history.
type entry struct {
	image  int    // 0 is an update that failed
	config string // JSON
	head   string // the commit that was checked out
}

// writeHistory makes a folder with a history: each stack's updates, one after another.
func writeHistory(t *testing.T, folder string, stacks map[string][]entry) string {
	t.Helper()
	for stack, entries := range stacks {
		dir := filepath.Join(folder, ".pulumi", "history", "hello-world", stack)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		for i, e := range entries {
			result := "succeeded"
			if e.image == 0 {
				result = "failed"
			}
			for kind, text := range map[string]string{
				"history": fmt.Sprintf(`{"kind":"update","result":%q,"startTime":%d,"environment":{"git.head":%q,"git.author":%q,"git.dirty":"true"},"config":%s}`,
					result, i, e.head, "who made "+e.head, e.config),
				"checkpoint": fmt.Sprintf(`{"checkpoint":{"latest":{"secrets_providers":{"type":"passphrase","state":{"salt":"v1:salt"}},
					"resources":[{"type":"pulumi:pulumi:Stack","outputs":{"image":%q,"replicas":3}}]}}}`, image(e.image)),
			} {
				if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s-%d.%s.json", stack, i, kind)), []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	return folder
}

// state makes a folder with a history of images: 0 is an update that failed, and a negative one is held.
func state(t *testing.T, stacks map[string][]int) string {
	t.Helper()
	all := map[string][]entry{}
	for stack, images := range stacks {
		for _, image := range images {
			key := "replicas"
			if image < 0 {
				key, image = "hold", -image
			}
			all[stack] = append(all[stack], entry{image: image, config: `{"hello-world:` + key + `":"3"}`})
		}
	}
	return writeHistory(t, t.TempDir(), all)
}

// updatesOf reads the history of the stack dev.
func updatesOf(t *testing.T, entries ...entry) []update {
	t.Helper()
	updates, err := readHistory(writeHistory(t, t.TempDir(), map[string][]entry{"dev": entries}), "dev", math.MaxInt)
	if err != nil {
		t.Fatal(err)
	}
	return updates
}

func TestGoBack(t *testing.T) {
	for _, test := range []struct {
		versions []int
		to       string
		want     int
		says     string
	}{
		{[]int{1, 2}, "", 1, ""},
		{[]int{1, 2, 2, 0}, "", 1, ""},
		{[]int{1, 2, 1, 3}, "", 1, ""},  // what ran just before, not what was new then
		{[]int{1, 2, 3, -2}, "", 1, ""}, // already held at the second one: further back
		{[]int{1, 2, 3, -2, -2}, "", 1, ""},
		{[]int{1, 2, 3, -2, 3}, "", 2, ""}, // and forward again
		{[]int{1, 2, 3}, "11", 1, ""},
		{[]int{1, 2, 3}, "sha256:33", 3, ""},
		{[]int{1, 2}, "33", 0, `no version of the stack begins with "33"`},
		{[]int{1, 1}, "", 0, "no version ran before"},
		{nil, "", 0, "no history"},
	} {
		updates, err := readHistory(state(t, map[string][]int{"dev": test.versions, "other": {7, 8}}), "dev", math.MaxInt)
		if err != nil {
			t.Fatal(err)
		}
		got, err := goBack(updates, test.to)
		if test.says == "" && (got.Image != image(test.want) || err != nil) || test.says != "" && (err == nil || !strings.Contains(err.Error(), test.says)) {
			t.Errorf("%v to %q: got %s, %v, want %d %s", test.versions, test.to, got.Image, err, test.want, test.says)
		}
	}
}

// What a server runs with is part of its version, so one image may have several. Each is what `make history` calls it.
func TestVersionsOfOneImage(t *testing.T) {
	const old, new = `{"hello-world:secretEnv":{"A":{"secure":"v1:old"}},"hello-world:port":"8080"}`, `{"hello-world:secretEnv":{"A":{"secure":"v1:new"}}}`
	updates := updatesOf(t, entry{1, old, "a"}, entry{1, `{"hello-world:replicas":"3"}`, "b"}, entry{1, new, "c"})
	if len(latest(updates, 9)) != 3 {
		t.Errorf("there are %v, want three versions", latest(updates, 9))
	}
	back, err := goBack(updates, "")
	if err != nil || back.ID != strings.Repeat("1", 64) {
		t.Errorf("before the last version ran %s, error %v, want that of the image", back, err)
	}
	back, err = goBack(updates, updates[0].String())
	if err != nil || back.text("port") != `"8080"` || back.text("secretEnv") != `{"A":{"secure":"v1:old"}}` {
		t.Errorf("going back to the first version says %v, error %v", back.Keys, err)
	}
	for to, want := range map[string]string{"1111": updates[1].ID, updates[2].String(): updates[2].ID} { // a name comes before an image
		if back, err := goBack(updates, to); err != nil || back.ID != want {
			t.Errorf("going back to %q says %v, error %v, want %s", to, back.ID, err, want)
		}
	}
	one := updatesOf(t, entry{2, new, "a"}, entry{1, old, "b"})
	if back, err := goBack(one, "localhost:5001/hello@sha256:2222"); err != nil || back.ID != one[0].ID || strings.HasPrefix(back.ID, "2222") {
		t.Errorf("going back to an image says %v, error %v, want %s", back.ID, err, one[0].ID)
	}
	if changed := fmt.Sprint(updates[2].changed(updates[0].version)); changed != "[port secretEnv]" {
		t.Errorf("the keys %s have changed, want port and secretEnv", changed)
	}
	if _, err := goBack(updatesOf(t, entry{1, old, ""}, entry{2, new, ""}), ""); err != nil {
		t.Error(err)
	}
}

// A held version is the one that it was, whatever the stack says beside it.
func TestHeldIsTheSameVersion(t *testing.T) {
	const keys = `"env":{"A":"x","N":12345678901234567890},"args":["serve",1.5,true],"port":"8080","secretEnv":{"secure":"v1:all"}`
	held, now := entry{image: 1, head: "now"}, entry{2, `{"hello-world:env":{"A":"y"}}`, "now"}
	then := entry{1, "{" + strings.NewReplacer(`"env"`, `"hello-world:env"`, `"args"`, `"hello-world:args"`, `"port"`, `"hello-world:port"`,
		`"secretEnv"`, `"hello-world:secretEnv"`).Replace(keys) + "}", "then"}
	held.config = `{"hello-world:hold":{"image":"` + image(1) + `",` + keys + `},"hello-world:env":{"A":"y"}}`
	updates := updatesOf(t, then, now, held)
	last := latest(updates, 9)
	if len(last) != 2 || !last[0].Held || last[0].ID != updates[0].ID {
		t.Fatalf("there are %v, want the held version and the other one", last)
	}
	if last[0].Commit != "then+" || last[0].Who != "who made then" {
		t.Errorf("the held version is of %s, %s", last[0].Commit, last[0].Who)
	}
}

// Each stack keeps that many versions, each once.
func TestLatest(t *testing.T) {
	updates, err := readHistory(state(t, map[string][]int{"dev": {1, 2, 1, 3, 0}, "prod": {4, 5, 6}}), everyStack, math.MaxInt)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, u := range latest(updates, 2) {
		got[u.Stack] += u.Image[len(u.Image)-1:]
	}
	if got["dev"] != "31" || got["prod"] != "65" {
		t.Errorf("got %v, want 31 of dev and 65 of prod", got)
	}
}

// The history is read only as far back as it takes to find so many versions, whatever comes before.
func TestHistoryIsReadAsFarAsItTakes(t *testing.T) {
	folder := state(t, map[string][]int{"dev": {9, 1, 2, 2, 3}})
	old := filepath.Join(folder, ".pulumi", "history", "hello-world", "dev", "dev-0.history.json")
	if err := os.WriteFile(old, []byte("no JSON"), 0o644); err != nil {
		t.Fatal(err)
	}
	updates, err := readHistory(folder, everyStack, 3)
	if err != nil || len(updates) != 4 {
		t.Errorf("got %+v, %v, want four updates to three versions", updates, err)
	}
}

// The name of a folder is no pattern.
func TestHistoryInAnyFolder(t *testing.T) {
	folder := writeHistory(t, filepath.Join(t.TempDir(), "a[1]"), map[string][]entry{"dev": {{1, "{}", ""}}})
	if updates, err := readHistory(folder, "dev", math.MaxInt); err != nil || len(updates) != 1 {
		t.Errorf("got %v, %v, want one update", updates, err)
	}
}

// After an update that failed half-way, the last version that is whole is the one to go back to.
func TestHalfDone(t *testing.T) {
	for changes, want := range map[string]bool{`{"same":3}`: false, `{"same":3,"update":1}`: true, "null": false} {
		state := state(t, map[string][]int{"dev": {1, 2}})
		failed := `{"kind":"update","result":"failed","resourceChanges":` + changes + `}`
		if err := os.WriteFile(filepath.Join(state, ".pulumi/history/hello-world/dev/dev-2.history.json"), []byte(failed), 0o644); err != nil {
			t.Fatal(err)
		}
		if got, err := halfDone(state, "dev"); err != nil || got != want {
			t.Errorf("%s: it says %v, error %v", changes, got, err)
		}
	}
	if got, err := halfDone(state(t, map[string][]int{"dev": {1, 2}}), "dev"); got || err != nil {
		t.Errorf("of an update that succeeded, it says %v, error %v", got, err)
	}
}
