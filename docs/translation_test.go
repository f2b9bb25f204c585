package docs

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The Chinese pages have the same headings, table rows, commands and outputs as the English ones, in the same order, and the
// same names in the prose. Compare the sentences yourself.
func TestChineseEditionIsComplete(t *testing.T) {
	unlessAdopted(t)
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

// compareInOrder reports the first difference only: most others follow from it.
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

// outline returns the beginnings of headings, table rows and code blocks.
func (p page) outline() []string { return outlined.FindAllString(p.prose, -1) }

// linked returns the files and sites that the page links to. A link to a Chinese page counts as one to the English page;
// headings do not count, because their names differ.
func (p page) linked() (targets []string) {
	for _, link := range p.links() {
		file, _, _ := strings.Cut(link, "#")
		if file != "" {
			targets = append(targets, strings.Replace(file, ".zh-CN.", ".", 1))
		}
	}
	slices.Sort(targets) // a translation may turn sentences around
	return targets
}

var name = regexp.MustCompile("`[^`\n]+`")

// names returns what the prose has in backquotes: commands, keys and the like.
func (p page) names() []string {
	found := name.FindAllString(p.prose, -1)
	slices.Sort(found)
	return slices.Compact(found)
}
