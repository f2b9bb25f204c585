package docs

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The Chinese README has what the English one has, in the same order: headings, tables with as many rows, the same
// commands and outputs, and the same names in the prose. What the sentences say is for people to compare.
func TestChineseEditionIsComplete(t *testing.T) {
	english, chinese := read(t, "../README.md"), read(t, "../README.zh-CN.md")

	compareInOrder(t, "code block", english.commands(), chinese.commands())
	compareInOrder(t, "heading or table row", english.outline(), chinese.outline())
	compareInOrder(t, "linked file", english.linked(), chinese.linked())
	compareInOrder(t, "`name` (sorted)", english.names(), chinese.names())
}

// compareInOrder reports the first difference, since those that follow are mostly its consequences.
func compareInOrder(t *testing.T, what string, english, chinese []string) {
	t.Helper()
	for i := range max(len(english), len(chinese)) {
		e, c := "nothing more", "nothing more"
		if i < len(english) {
			e = english[i]
		}
		if i < len(chinese) {
			c = chinese[i]
		}
		if e != c {
			t.Errorf("%s %d is\n%s\nin README.md, and in README.zh-CN.md\n%s", what, i+1, e, c)
			return
		}
	}
}

var comment = regexp.MustCompile(`(?m)(^|[ ]+)# .*$`)

// commands are the code blocks. The comments in those of the shell are translated, so they do not count.
func (p page) commands() (blocks []string) {
	for _, block := range p.blocks {
		if strings.HasPrefix(block, "sh\n") {
			block = comment.ReplaceAllString(block, "")
		}
		blocks = append(blocks, block)
	}
	return blocks
}

var outlined = regexp.MustCompile("(?m)^(#+ |\\||```)")

// outline is how the lines begin that are headings, rows of tables or code blocks.
func (p page) outline() []string { return outlined.FindAllString(p.prose, -1) }

// linked are the files and sites that the page links to, but for the other edition and headings, whose names differ.
func (p page) linked() (targets []string) {
	for _, link := range p.links() {
		if !strings.HasPrefix(link, "README") && !strings.HasPrefix(link, "#") {
			targets = append(targets, link)
		}
	}
	slices.Sort(targets) // sentences may be turned around
	return targets
}

var name = regexp.MustCompile("`[^`\n]+`")

// names are the commands, keys and the like that the prose names.
func (p page) names() []string {
	found := name.FindAllString(p.prose, -1)
	slices.Sort(found)
	return slices.Compact(found)
}
