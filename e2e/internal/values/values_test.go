package values

import (
	"strings"
	"testing"

	"example.com/hello-world/infra/config"
)

// A new key joins by its line in the table.
func TestEveryKeyIsThere(t *testing.T) {
	there := map[string]bool{}
	for _, key := range config.Keys {
		if _, ok := Keys[key.Name]; !ok {
			t.Errorf("%s needs a line in the table", key.Name)
		}
		there[key.Name] = true
	}
	for name := range Keys {
		if !there[name] {
			t.Errorf("%s is no key", name)
		}
	}
}

// A key takes a value, or refuses it with its name and the value, unless that is a secret. Numbers are taken in one way of
// writing only, and any text is any text.
func TestRefusals(t *testing.T) {
	taken := 0
	for _, value := range Table {
		for _, key := range config.Keys {
			text := value.For(key.Name)
			refusal := Refusal(key.Name, text)
			switch sort := Keys[key.Name].Sort; {
			case refusal == "" && sort == Number && key.Name != "cpu":
				t.Errorf("%s takes %q", key.Name, text)
			case refusal == "":
				taken++
			case sort == AnyText:
				t.Errorf("%s in %s: %s", value.Kind, key.Name, refusal)
			case key.Secrecy == config.Always:
			case !strings.HasPrefix(refusal, key.Name+" is "+Shown(text)) && !strings.Contains(refusal, " has \"a\": "+Shown(value.Text)) && !strings.Contains(refusal, " has the path "+Shown(value.Text)):
				t.Errorf("%s in %s does not show %q: %s", value.Kind, key.Name, text, refusal)
			}
		}
	}
	t.Logf("%d values for %d keys; %d are taken", len(Table), len(config.Keys), taken)
}
