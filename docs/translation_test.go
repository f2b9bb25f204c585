package docs

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The Chinese pages have what the English ones have, in the same order: headings, tables with as many rows, the same
// commands and outputs, and the same names in the prose. What the sentences say is for people to compare.
func TestChineseEditionIsComplete(t *testing.T) {
	for english, chinese := range map[string]string{
		"../README.md": "../README.zh-CN.md",
		"tour.md":      "tour.zh-CN.md",
	} {
		english, chinese := read(t, english), read(t, chinese)
		compare := func(what string, list func(page) []string) {
			compareInOrder(t, what, english, chinese, list)
		}
		compare("code block", page.untranslated)
		compare("heading or table row", page.outline)
		compare("linked file (sorted)", page.linked)
		compare("`name` (sorted)", page.names)
	}
}

// compareInOrder reports the first difference, since those that follow are mostly its consequences.
func compareInOrder(t *testing.T, what string, english, chinese page, list func(page) []string) {
	t.Helper()
	at := func(items []string, i int) string {
		if i < len(items) {
			return items[i]
		}
		return "nothing more"
	}
	es, cs := list(english), list(chinese)
	for i := range max(len(es), len(cs)) {
		if e, c := at(es, i), at(cs, i); e != c {
			t.Errorf("%s %d is\n%s\nin %s, and in %s\n%s", what, i+1, e, english.file, chinese.file, c)
			return
		}
	}
}

// untranslated returns the code blocks, without the comments in shell blocks, which are translated.
func (p page) untranslated() (blocks []string) {
	for _, block := range p.blocks {
		if strings.HasPrefix(block, "sh\n") {
			block = comment.ReplaceAllString(block, "")
		}
		blocks = append(blocks, block)
	}
	return blocks
}

var outlined = regexp.MustCompile("(?m)^(#+ |\\||```)")

// outline returns how the lines begin that are headings, rows of tables or code blocks.
func (p page) outline() []string { return outlined.FindAllString(p.prose, -1) }

// linked returns the files and sites that the page links to. A link to a Chinese page counts as one to the English page,
// and headings do not count, since their names differ.
func (p page) linked() (targets []string) {
	for _, link := range p.links() {
		file, _, _ := strings.Cut(link, "#")
		if file != "" {
			targets = append(targets, strings.Replace(file, ".zh-CN.", ".", 1))
		}
	}
	slices.Sort(targets) // sentences may be turned around
	return targets
}

var name = regexp.MustCompile("`[^`\n]+`")

// names returns the commands, keys and the like that the prose names.
func (p page) names() []string {
	found := name.FindAllString(p.prose, -1)
	slices.Sort(found)
	return slices.Compact(found)
}
