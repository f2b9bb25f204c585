package main

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

// state makes a folder with a history: each stack's versions, one after another; 0 is an update that failed, and a negative one
// is held.
func state(t *testing.T, stacks map[string][]int) string {
	t.Helper()
	folder := t.TempDir()
	for stack, versions := range stacks {
		dir := filepath.Join(folder, ".pulumi", "history", "hello-world", stack)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		for i, version := range versions {
			result := "succeeded"
			if version == 0 {
				result = "failed"
			}
			key := "replicas"
			if version < 0 {
				key, version = "hold", -version
			}
			for kind, text := range map[string]string{
				"history":    fmt.Sprintf(`{"kind":"update","result":%q,"startTime":%d,"config":{"hello-world:%s":"3"}}`, result, i, key),
				"checkpoint": fmt.Sprintf(`{"checkpoint":{"latest":{"resources":[{"type":"pulumi:pulumi:Stack","outputs":{"image":%q,"replicas":3}}]}}}`, image(version)),
			} {
				if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s-%d.%s.json", stack, i, kind)), []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	return folder
}

func TestPrevious(t *testing.T) {
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
		{[]int{1, 2}, "33", 0, `no version of the stack has a digest that begins with "33"`},
		{[]int{1, 1}, "", 0, "no version ran before"},
		{nil, "", 0, "no history"},
	} {
		updates, err := readHistory(state(t, map[string][]int{"dev": test.versions, "other": {7, 8}}), "dev", math.MaxInt)
		if err != nil {
			t.Fatal(err)
		}
		got, err := previous(updates, test.to)
		if test.says == "" && (got != image(test.want) || err != nil) || test.says != "" && (err == nil || !strings.Contains(err.Error(), test.says)) {
			t.Errorf("%v to %q: got %s, %v, want %d %s", test.versions, test.to, got, err, test.want, test.says)
		}
	}
}

// Each stack keeps that many versions, each once.
func TestLatest(t *testing.T) {
	updates, err := readHistory(state(t, map[string][]int{"dev": {1, 2, 1, 3, 0}, "prod": {4, 5, 6}}), "*", math.MaxInt)
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
	updates, err := readHistory(folder, "*", 3)
	if err != nil || len(updates) != 4 {
		t.Errorf("got %+v, %v, want four updates to three versions", updates, err)
	}
}
