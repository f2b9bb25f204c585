//go:build e2e

package e2e

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"example.com/hello-world/e2e/internal/drive"
	"example.com/hello-world/e2e/internal/pairs"
	"example.com/hello-world/e2e/internal/values"
	"example.com/hello-world/infra/config"
)

// testValues sets values that change easily on their way. Each is refused with its key, the value and what would be accepted,
// or arrives as it was written, whether it came from a command, from a path in a command, as a secret, or was written by hand.
func testValues(t *testing.T) {
	hello.Ready(t, "drainTime=1")
	hello.Forget()
	t.Run("Refused", testRefusedValues)
	t.Run("Previewed", testPreviewedValues)
	t.Run("Printed", testPrintedValues)
}

// stackFile is the stack's file, with more keys in each test of values.
type stackFile struct {
	path   string
	before []byte
}

func fileOf(t *testing.T) stackFile {
	file := "Pulumi." + hello.Name + ".yaml"
	f := stackFile{filepath.Join(hello.Dir, file), hello.Read(t, file)}
	t.Cleanup(func() { f.write(t, "") })
	return f
}

// write writes keys as somebody does by hand, such as "path: /a\n", and nothing else that was not there before.
func (f stackFile) write(t *testing.T, keys string) {
	t.Helper()
	text := string(f.before)
	for line := range strings.Lines(keys) {
		if strings.HasPrefix(line, " ") {
			text += "  " + line
			continue
		}
		name, _, _ := strings.Cut(line, ":")
		if at := strings.Index(text, "  hello-world:"+name+":"); at >= 0 { // one line
			text = text[:at] + text[at+strings.Index(text[at:], "\n")+1:]
		}
		text += "  hello-world:" + line
	}
	if err := os.WriteFile(f.path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// quietly runs a pulumi command with arguments that would fill the log.
func quietly(t *testing.T, args ...string) {
	t.Helper()
	if _, err := hello.Output("pulumi", append([]string{"--non-interactive"}, args...)...); err != nil {
		message := err.Error()
		t.Fatal(message[:min(len(message), 1000)], "…", message[max(0, len(message)-1000):])
	}
}

// yaml quotes a text for YAML.
func yaml(text string) string {
	quoted, _ := json.Marshal(text) // a string
	return string(quoted)
}

// testRefusedValues gives every key a wrong value at once. The messages of all pairs of a key and a value are in a unit test;
// here each key meets a sixth of the values.
func testRefusedValues(t *testing.T) {
	file := fileOf(t)
	names := slices.Sorted(maps.Keys(values.Keys))
	refused := func(t *testing.T, want []string) {
		t.Helper()
		_, err := hello.Output("pulumi", "--non-interactive", "preview")
		if err == nil {
			t.Fatal("it is accepted")
		}
		for _, sentence := range want {
			if !strings.Contains(err.Error(), sentence) {
				t.Errorf("the message lacks %q:\n%v", sentence, err)
			}
		}
		t.Logf("%d values are refused", len(want))
	}
	const sixth = 6
	for turn := range len(values.Table) / sixth {
		t.Run(fmt.Sprintf("Set%d", turn), func(t *testing.T) {
			set := []string{"config", "set-all"}
			var want []string
			size := 0
			for i, name := range names {
				value := values.Table[(i+turn*sixth)%len(values.Table)]
				text, how := value.For(name), "--plaintext"
				if pairs.Secret(name) {
					text, how = "geheim"+text, "--secret" // Pulumi hides a secret wherever it stands, and others may have the value
				}
				refusal := values.Refusal(name, text)
				if size += len(text); refusal == "" || value.Lost && how == "--plaintext" || size > 100_500 { // which Pulumi passes on
					continue
				}
				set = append(set, how, name+"="+text)
				want = append(want, refusal)
			}
			file.write(t, "")
			quietly(t, set...)
			refused(t, want)
		})
	}
	var misread []values.Value
	for _, value := range values.Table {
		if value.Unquoted != "" {
			misread = append(misread, value)
		}
	}
	const turns = 2
	for turn := range turns {
		t.Run(fmt.Sprintf("ByHand%d", turn), func(t *testing.T) {
			var keys strings.Builder
			var want []string
			for i, name := range names {
				value := misread[(i+turn*len(misread)/turns)%len(misread)]
				written, sort := value.Text, values.Keys[name].Sort
				const reads = "%s has %s in the stack's file, which YAML reads as %s: write it in quotes"
				switch {
				case pairs.Secret(name): // must not be there by hand
				case name == "args": // all at once
					keys.WriteString("args:\n")
					for _, value := range misread {
						fmt.Fprintf(&keys, "  - %s\n", value.Text)
						want = append(want, fmt.Sprintf(reads, name, orNothing(value.Text), value.Unquoted))
					}
				case sort == values.AnyText:
					fmt.Fprintf(&keys, "%s:\n", name)
					for i, value := range misread {
						fmt.Fprintf(&keys, "  %c: %s\n", 'A'+i, value.Text)
						if value.Text == "" {
							value.Text = "nothing"
						}
						want = append(want, fmt.Sprintf(reads, name, string(rune('A'+i))+": "+value.Text, value.Unquoted))
					}
				case values.Keys[name].Form != "%s":
				case sort == values.Text:
					fmt.Fprintf(&keys, "%s: %s\n", name, written)
					want = append(want, fmt.Sprintf(reads, name, orNothing(written), value.Unquoted))
				case sort == values.Number:
					fmt.Fprintf(&keys, "%s: %s\n", name, value.For(name))
					want = append(want, fmt.Sprintf("%s has %s in the stack's file, which YAML reads as ", name, orNothing(value.For(name))))
				}
			}
			file.write(t, keys.String())
			refused(t, want)
		})
	}
}

// orNothing returns a text as a message calls what YAML does not see.
func orNothing(text string) string {
	if text == "" || strings.HasPrefix(text, "#") {
		return "nothing"
	}
	return text
}

// testPreviewedValues previews what the keys take, and finds it in the resources.
func testPreviewedValues(t *testing.T) {
	file := fileOf(t)
	for turn, way := range []string{"Set", "ByHand"} {
		t.Run(way, func(t *testing.T) {
			chosen := map[string]values.Value{}
			var byHand strings.Builder
			set := append(drive.ConfigSet("ingressController=none", "ingressAddress=1.10:443"), "--secret", "registryPassword=x")
			for i, key := range config.Keys {
				taken := slices.DeleteFunc(slices.Clone(values.Table), func(value values.Value) bool {
					return values.Refusal(key.Name, value.For(key.Name)) != "" || len(value.Text) > 1000 || value.Lost ||
						strings.ContainsAny(value.Text, " \t\n") && key.Name == "egress" // a list
				})
				what := values.Keys[key.Name]
				if what.In == "" {
					continue
				}
				value := taken[(i+turn*len(taken)/2)%len(taken)]
				chosen[key.Name] = value
				text := value.For(key.Name)
				set = append(set, "--plaintext", key.Name+"="+text)
				fmt.Fprintf(&byHand, "%s: %s\n", key.Name, byHandOf(what, text))
			}
			file.write(t, "")
			quietly(t, set...)
			if way == "ByHand" {
				text, err := os.ReadFile(file.path)
				if err != nil {
					t.Fatal(err)
				}
				with := stackFile{file.path, text}
				with.write(t, byHand.String())
			}
			leaves := previewed(t)
			for name, value := range chosen {
				what := values.Keys[name]
				want := []string{value.Text, value.For(name), strings.ReplaceAll(value.Text, "$", "$$")}
				if !slices.ContainsFunc(leaves[what.In], func(leaf string) bool {
					return slices.Contains(want, leaf) || name == "registry" && strings.HasPrefix(leaf, value.For(name)+"/")
				}) {
					t.Errorf("no %s has the %s %q: %q", what.In, name, value.For(name), leaves[what.In])
				}
			}
			t.Logf("%d values are previewed", len(chosen))
		})
	}
}

// byHandOf returns the value of a key as somebody writes it into the file. A map or a list, which is JSON, is YAML too.
func byHandOf(what values.Key, value string) string {
	if strings.ContainsAny(what.Form, "{[") {
		return value
	}
	return yaml(value)
}

// previewed returns all texts and numbers in the inputs of a preview's resources, by their type.
func previewed(t *testing.T) map[string][]string {
	t.Helper()
	said, err := hello.Output("pulumi", "--non-interactive", "preview", "--json")
	var preview struct {
		Steps []struct {
			NewState struct {
				Type   string
				Inputs any
			}
		}
	}
	if err != nil {
		t.Fatal(said, err)
	}
	if err := json.Unmarshal([]byte(said), &preview); err != nil {
		t.Fatal(err)
	}
	leaves := map[string][]string{}
	for _, step := range preview.Steps {
		var walk func(any)
		walk = func(inputs any) {
			switch inputs := inputs.(type) {
			case map[string]any:
				for _, inner := range inputs {
					walk(inner)
				}
			case []any:
				for _, inner := range inputs {
					walk(inner)
				}
			default:
				leaves[step.NewState.Type] = append(leaves[step.NewState.Type], fmt.Sprint(inputs))
			}
		}
		walk(step.NewState.Inputs)
	}
	return leaves
}

// testPrintedValues runs a server that prints what arrives.
func testPrintedValues(t *testing.T) {
	file := fileOf(t)
	client := drive.At("127.0.0.1:" + clusterSettings["HTTP_PORT"])
	buildServer(t, "prints")
	var small, kept []values.Value
	for _, value := range values.Table {
		if len(value.Text) < 1000 {
			small = append(small, value)
		}
	}
	for _, value := range small { // whenever Pulumi writes the file
		if !value.Lost {
			kept = append(kept, value)
		}
	}
	large := values.Table[len(values.Table)-1].Text
	login := `$(X) "'` + "\\\n ü"

	t.Run("ByHandAndByPath", func(t *testing.T) {
		env, annotations, args := map[string]string{"LARGE": large}, map[string]string{}, []string{}
		keys := "env:\n  LARGE: " + yaml(large) + "\n"
		for i, value := range kept {
			name := fmt.Sprint("H", i)
			env[name], annotations[name] = value.Text, value.Text
			keys += "  " + name + ": " + yaml(value.Text) + "\n"
		}
		keys += "ingressAnnotations:\n"
		for i, value := range kept {
			keys += fmt.Sprintf("  H%d: %s\n", i, yaml(value.Text))
		}
		keys += "args:\n"
		for _, value := range kept {
			args = append(args, value.Text)
			keys += "  - " + yaml(value.Text) + "\n"
		}
		keys += "namespaceLabels: {a: '007', b: '1.10'}\n"
		file.write(t, keys)

		byPath := []string{"config", "set-all", "--path"}
		for i, value := range small {
			name := fmt.Sprint("P", i)
			byPath = append(byPath, "--secret", fmt.Sprintf(`secretEnv["S%s"]=%s`, name, value.Text))
			env["S"+name] = value.Text
			switch {
			case value.Lost:
				continue
			case value.Retyped:
				quietly(t, "config", "set", "--path", "--type", "string", fmt.Sprintf(`env["%s"]`, name), "--", value.Text)
			default:
				byPath = append(byPath, "--plaintext", fmt.Sprintf(`env["%s"]=%s`, name, value.Text),
					"--plaintext", fmt.Sprintf(`ingressAnnotations["%s"]=%s`, name, value.Text),
					"--plaintext", fmt.Sprintf(`args[%d]=%s`, len(args), value.Text))
				annotations[name] = value.Text
				args = append(args, value.Text)
			}
			env[name] = value.Text
		}
		quietly(t, byPath...)
		hello.Pulumi(t, "up")
		printed(t, client, hello.Outputs(t).URL, env, args)

		outputs := hello.Outputs(t)
		has(t, annotations, "ingress", "hello-ingress", "-n", outputs.Namespace, "-o", "jsonpath={.metadata.annotations}")
		has(t, map[string]string{"a": "007", "b": "1.10"}, "namespace", outputs.Namespace, "-o", "jsonpath={.metadata.labels}")
	})

	t.Run("Set", func(t *testing.T) {
		env, secretEnv, args := map[string]string{}, map[string]string{}, []string{}
		for i, value := range small {
			env[fmt.Sprint("J", i)] = value.Text
			secretEnv[fmt.Sprint("SJ", i)] = value.Text
			args = append(args, value.Text)
		}
		secretEnv["SLARGE"] = large
		file.write(t, "")
		quietly(t, append(drive.ConfigSet("env="+asJSON(env), "args="+asJSON(args), "pullUsername=007"),
			"--secret", "secretEnv="+asJSON(secretEnv), "--secret", "pullPassword="+login)...)
		hello.Pulumi(t, "up")
		maps.Copy(env, secretEnv)
		printed(t, client, hello.Outputs(t).URL, env, args)

		outputs := hello.Outputs(t)
		said := hello.Kubectl(t, "get", "secret", "hello-registry", "-n", outputs.Namespace, "-o", `jsonpath={.data.\.dockerconfigjson}`)
		pull, err := base64.StdEncoding.DecodeString(strings.Join(said, ""))
		if want := asJSON(login); err != nil || !strings.Contains(string(pull), `"username":"007","password":`+want) {
			t.Errorf("the pull secret is %s, want the password %s", pull, want)
		}
	})

	t.Run("Large", func(t *testing.T) {
		args := []string{large}
		file.write(t, "")
		quietly(t, drive.ConfigSet("args="+asJSON(args), `env={"LAST":"yes"}`)...)
		hello.Pulumi(t, "up")
		printed(t, client, hello.Outputs(t).URL, map[string]string{"LAST": "yes"}, args)
	})
}

// buildServer has updates build one of e2e/servers in place of the hello server.
func buildServer(t *testing.T, name string) {
	t.Helper()
	hello.Edit(t, "Dockerfile", "go build -trimpath", "go build -C e2e/servers -trimpath")
	hello.Edit(t, "Dockerfile", "./app\n", "./"+name+"\n")
	hello.Edit(t, ".dockerignore", "!app\n", "!app\n!e2e/servers\n")
}

func asJSON(what any) string {
	encoded, _ := json.Marshal(what) // of texts
	return string(encoded)
}

// printed waits until the server has these variables, and checks their values and the arguments.
func printed(t *testing.T, client *http.Client, url string, env map[string]string, args []string) {
	t.Helper()
	var got struct {
		Env  map[string]string
		Args []string
	}
	drive.EventuallyBy(t, client, url, func(status int, body string) bool {
		got.Env, got.Args = nil, nil
		if status != 200 || json.Unmarshal([]byte(body), &got) != nil {
			return false
		}
		for name := range env { // of this update
			if _, ok := got.Env[name]; !ok {
				return false
			}
		}
		return true
	})
	for name, want := range env {
		if got := got.Env[name]; got != want {
			t.Errorf("%s is %s, want %s", name, values.Shown(got), values.Shown(want))
		}
	}
	if !reflect.DeepEqual(got.Args, args) {
		t.Errorf("the arguments are %.5000q, want %.5000q", got.Args, args)
	}
	t.Logf("%d variables and %d arguments arrived", len(env), len(args))
}

// has checks entries of a map in the cluster.
func has(t *testing.T, want map[string]string, get ...string) {
	t.Helper()
	said, err := hello.Output("kubectl", slices.Concat(hello.Cluster, []string{"get"}, get)...)
	var got map[string]string
	if err == nil {
		err = json.Unmarshal([]byte(said), &got)
	}
	if err != nil {
		t.Fatal(said, err)
	}
	for name, text := range want {
		if got[name] != text {
			t.Errorf("%s of the %s is %q, want %q", name, get[0], got[name], text)
		}
	}
	t.Logf("%d entries of the %s arrived", len(want), get[0])
}
