package docs

import (
	"strings"
	"testing"
	"unicode"
)

// The README stays short enough to read: the rest goes into this folder.
func TestReadmeIsShort(t *testing.T) {
	unlessAdopted(t)
	const mostLines, mostWords = 150, 900
	if lines := strings.Count(contents(t, "../README.md"), "\n"); lines > mostLines {
		t.Errorf("README.md has %d lines, of at most %d", lines, mostLines)
	}
	if words := len(words(read(t, "../README.md").prose)); words > mostWords {
		t.Errorf("README.md has %d words outside of its code blocks, of at most %d", words, mostWords)
	}
	if lines := strings.Count(contents(t, "../README.zh-CN.md"), "\n"); lines > mostLines {
		t.Errorf("README.zh-CN.md has %d lines, of at most %d", lines, mostLines)
	}
}

// words splits a text into words, without the marks of tables and headings.
func words(text string) (found []string) {
	for word := range strings.FieldsSeq(text) {
		if strings.ContainsFunc(word, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
			found = append(found, word)
		}
	}
	return found
}
