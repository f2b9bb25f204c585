package values

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"example.com/hello-world/infra/config"
)

// For returns the value of a key that has v.
func (v Value) For(key string) string {
	what := Keys[key]
	text := v.Text
	switch what.Sort {
	case Number:
		text = cmp.Or(v.Number, text)
	case Quantity:
		text = cmp.Or(v.Quantity, text)
	}
	if strings.ContainsAny(what.Form, "{[") {
		quoted, _ := json.Marshal(text) // a string
		text = string(quoted)
	}
	return fmt.Sprintf(what.Form, text)
}

// Refusal returns the sentence that refuses a value of a key, "" if the key takes it. What it demands of other keys does not
// count.
func Refusal(name, value string) string {
	key := config.Keys[slices.IndexFunc(config.Keys, func(key config.Key) bool { return key.Name == name })]
	source := config.Source{Project: "p", Values: map[string]string{"p:" + name: value}}
	if key.Secrecy == config.Always {
		source.Secrets = []string{"p:" + name}
	}
	_, err := config.Parse(source)
	mistakes, _ := err.(config.Mistakes)
	for _, mistake := range mistakes {
		if mistake.Key == name && (strings.HasSuffix(mistake.Problem, ": it must be "+key.Accepts()) || strings.HasPrefix(mistake.Problem, "has the ")) {
			return mistake.Key + " " + mistake.Problem
		}
	}
	return ""
}

// Shown returns how a message shows a value: in quotes, and cut if it is long.
func Shown(value string) string {
	const most = 80
	if runes := []rune(value); len(runes) > most {
		value = string(runes[:most]) + "…"
	}
	return fmt.Sprintf("%q", value)
}
