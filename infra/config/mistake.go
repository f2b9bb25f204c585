package config

import (
	"fmt"
	"slices"
	"strings"
)

// Mistake is one mistake in the configuration.
type Mistake struct {
	Key     string // the short key, such as "replicas"
	Problem string // what is wrong and what is accepted, as words that follow the key; holds no secret
}

// Mistakes are all mistakes in the configuration.
type Mistakes []Mistake

// Refuse returns the one mistake of a key, whose problem is a format.
func Refuse(key, problem string, args ...any) error {
	return Mistakes{{Key: key, Problem: fmt.Sprintf(problem, args...)}}
}

// Error lists the mistakes, one per line.
func (m Mistakes) Error() string {
	var text strings.Builder
	fmt.Fprintf(&text, "nothing was changed: the configuration has %d mistake", len(m))
	if len(m) > 1 {
		text.WriteString("s")
	}
	for _, mistake := range m {
		fmt.Fprintf(&text, "\n  %s %s", mistake.Key, mistake.Problem)
	}
	return text.String()
}

// concern reports whether one of the keys has a mistake.
func (m Mistakes) concern(keys ...string) bool {
	return slices.ContainsFunc(m, func(mistake Mistake) bool { return slices.Contains(keys, mistake.Key) })
}

// OrNil returns the mistakes as an error: nil, not an empty list, if there are none.
func (m Mistakes) OrNil() error {
	if len(m) == 0 {
		return nil
	}
	return m
}

// quoted returns a value in quotes, cut if it would fill the screen.
func quoted(value string) string { return fmt.Sprintf("%q", cut(value)) }

func cut(value string) string {
	const most = 80
	if runes := []rune(value); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return value
}
