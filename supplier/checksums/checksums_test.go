package checksums

import (
	"os"
	"strings"
	"testing"
)

var one, other = "sha256:" + strings.Repeat("1", 64), "sha256:" + strings.Repeat("f", 64)

// The file is as Write leaves it, so that filling it changes no line without need.
func TestFileIsAsItIsWritten(t *testing.T) {
	const root = "../.."
	list, err := Read(root, Asked{Images: []string{"kindest/node"}})
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(root + "/" + File)
	if err != nil {
		t.Fatal(err)
	}
	if list.String() != string(text) {
		t.Errorf("%s would become\n%s", File, list)
	}
}

var asked = Asked{Tools: []string{"kind", "kubectl"}, Platforms: []string{"linux/amd64", "darwin/arm64"}, Images: []string{"registry"}}

func TestParse(t *testing.T) {
	list, err := parse("# comment\n\nkubectl v1 linux/amd64 "+one+"\nkubectl v1 darwin/arm64 "+other+"\nregistry 3 "+one+"\nregistry 3 "+one+"\n", asked)
	if err != nil {
		t.Fatal(err)
	}
	for key, sum := range map[Key]string{
		{"kubectl", "v1", "linux/amd64"}: one, {"kubectl", "v1", "darwin/arm64"}: other, {"registry", "3", ""}: one, {"kubectl", "v1", "linux/arm64"}: "",
	} {
		if list[key] != sum {
			t.Errorf("%s is %q, want %q", key, list[key], sum)
		}
	}
}

// Each mistake is told with its line.
func TestParseRefuses(t *testing.T) {
	for line, says := range map[string]string{
		"kubectl v1 linux/amd64 " + one[7:]:      "accepted is NAME VERSION PLATFORM sha256:HEX",
		"kubectl v1 linux/amd64 " + one + "0":    "accepted is",
		"kubectl v1 linux/amd64 sha1:" + one[7:]: "accepted is",
		"kubectl v1 linux " + one:                "accepted is",
		"kubectl " + one:                         "accepted is",
		"<<<<<<< HEAD":                           "accepted is",
		"kubctl v1 linux/amd64 " + one:           "nobody asks for kubctl v1 linux/amd64: accepted are the tools kind, kubectl, each for linux/amd64, darwin/arm64, and without a platform the images registry",
		"kubectl v1 linux/amd46 " + one:          "nobody asks for kubectl v1 linux/amd46",
		"kubectl v1 " + one:                      "nobody asks for kubectl v1:",
		"registry 3 linux/amd64 " + one:          "nobody asks for registry 3 linux/amd64",
		"kind v1 linux/amd64 " + other:           "kind v1 linux/amd64 is " + other + ", but line 1 says " + one,
	} {
		_, err := parse("kind v1 linux/amd64 "+one+"\n"+line+"\n", asked)
		if err == nil || !strings.HasPrefix(err.Error(), File+":2: ") || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: the error is %v, want line 2 and %q", line, err, says)
		}
	}
}

func TestFilled(t *testing.T) {
	kubectl, old, registry := Key{"kubectl", "v2", "linux/amd64"}, Key{"kubectl", "v1", "linux/amd64"}, Key{"registry", "3", ""}
	for name, test := range map[string]struct {
		before, published List
		replace           []string
		want              List
		moved, fails      string
	}{
		"nothing there":      {List{}, List{kubectl: one}, nil, List{kubectl: one}, "", ""},
		"the same":           {List{kubectl: one}, List{kubectl: one}, nil, List{kubectl: one}, "", ""},
		"another version":    {List{old: one}, List{kubectl: other}, nil, List{kubectl: other}, "", ""},
		"a changed tool":     {List{kubectl: one}, List{kubectl: other}, nil, nil, "", "kubectl v2 linux/amd64: supplier/checksums.txt has " + one + ", but its publisher now shows " + other},
		"taken over":         {List{kubectl: one}, List{kubectl: other}, []string{"kubectl"}, List{kubectl: other}, "", ""},
		"another taken over": {List{kubectl: one}, List{kubectl: other, registry: one}, []string{"registry"}, nil, "", "kubectl v2"},
		"a moved tag":        {List{registry: one}, List{registry: other}, nil, List{registry: one}, "registry 3: stays " + one + "; its tag now leads to " + other, ""},
		"a moved tag, taken": {List{registry: one}, List{registry: other}, []string{"registry"}, List{registry: other}, "", ""},
	} {
		filled, moved, err := test.before.Filled(test.published, test.replace)
		if (err != nil) != (test.fails != "") || err != nil && !strings.Contains(err.Error(), test.fails) {
			t.Errorf("%s: the error is %v, want %q", name, err, test.fails)
		}
		if err == nil && filled.String() != test.want.String() {
			t.Errorf("%s: it has\n%s", name, filled)
		}
		if said := strings.Join(moved, "\n"); !strings.Contains(said, test.moved) || (said == "") != (test.moved == "") {
			t.Errorf("%s: it says %q, want %q", name, said, test.moved)
		}
	}
}
