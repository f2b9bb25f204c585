package pairs

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"testing"

	"example.com/hello-world/infra/config"
)

// A new key joins by its line in the table.
func TestEveryKeyHasSettings(t *testing.T) {
	there := map[string]bool{}
	for _, line := range Table {
		for _, setting := range line {
			for key := range setting {
				there[key] = true
			}
			if err := Accepted(setting); err != nil {
				t.Errorf("%v by itself: %v", setting, err)
			}
		}
	}
	for _, key := range config.Keys {
		if there[key.Name] == slices.Contains(Given, key.Name) {
			t.Errorf("%s needs a line in the table, or to be in Given", key.Name)
		}
		delete(there, key.Name)
	}
	for key := range there {
		t.Errorf("%s is no key", key)
	}
}

// What may not stand together is refused in one sentence that names a key of each.
func TestRefusedPairs(t *testing.T) {
	names := func(setting Setting, sentence string) bool {
		return slices.ContainsFunc(slices.Collect(maps.Keys(setting)), func(key string) bool { return strings.Contains(sentence, key) })
	}
	refused := 0
	for one, other := range settingsOfTwoLines(Table) {
		err := Accepted(one, other)
		if err == nil {
			continue
		}
		refused++
		mistakes, _ := err.(config.Mistakes)
		if len(mistakes) != 1 || !names(one, fmt.Sprint(mistakes[0])) || !names(other, fmt.Sprint(mistakes[0])) {
			t.Errorf("%v with %v: %v", one, other, err)
		}
	}
	t.Logf("%d pairs are refused", refused)
}

func TestConfigurations(t *testing.T) {
	for name, table := range map[string][][]Setting{"for previews": Table, "on kind": OnKind()} {
		all := Configurations(table)
		t.Logf("%d configurations %s", len(all), name)
		for _, each := range all {
			if err := Accepted(each); err != nil {
				t.Errorf("%v: %v", each, err)
			}
		}
		for one, other := range settingsOfTwoLines(table) {
			if Accepted(one, other) == nil && !slices.ContainsFunc(all, func(each Setting) bool { return has(each, one) && has(each, other) }) {
				t.Errorf("%s, %v and %v never meet", name, one, other)
			}
		}
	}
}

// What is for previews only is in the table.
func TestPreviewOnly(t *testing.T) {
	count := func(table [][]Setting) int { return len(slices.Concat(table...)) }
	if left := count(Table) - count(OnKind()); left != len(PreviewOnly) {
		t.Errorf("%d settings are for previews only, want %d", left, len(PreviewOnly))
	}
}

// settingsOfTwoLines yields every two settings of different lines.
func settingsOfTwoLines(table [][]Setting) iter.Seq2[Setting, Setting] {
	return func(yield func(one, other Setting) bool) {
		for i, line := range table {
			for _, one := range line {
				for _, other := range slices.Concat(table[i+1:]...) {
					if !yield(one, other) {
						return
					}
				}
			}
		}
	}
}

func has(all, some Setting) bool {
	for key, value := range some {
		if all[key] != value {
			return false
		}
	}
	return true
}
