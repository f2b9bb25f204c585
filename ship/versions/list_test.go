package versions

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"example.com/hello-world/infra/config"
)

func TestList(t *testing.T) {
	const secret = `{"hello-world:env":{"A":"plain"},"hello-world:secretEnv":{"B":{"secure":"v1:encrypted"}}}`
	for _, test := range []struct {
		name    string
		updates []entry
		want    []string // the words of each line, without the times
	}{
		{"images alone", []entry{{1, "{}", "0123456789"}, {2, `{"hello-world:replicas":"3"}`, "abcdef0123"}}, []string{
			"VERSION LAST UPDATE COMMIT REPLICAS WHO PROOF",
			"222222222222 abcdef0+ 3 who made abcdef0123 signed SBOM runs",
			"111111111111 0123456+ 3 who made 0123456789",
		}},
		{"one image", []entry{{1, "{}", ""}, {1, secret, ""}, {1, `{"hello-world:hold":{"image":"` + image(1) + `"}}`, "abcdef0123"}}, []string{
			"VERSION IMAGE LAST UPDATE COMMIT REPLICAS WHO PROOF",
			"111111111111 111111111111 3 who made signed SBOM runs, held; changed: env, secretEnv",
			"VERSION 111111111111 3 who made",
		}},
	} {
		updates := updatesOf(t, test.updates...)
		last := latest(updates, 9)
		var out strings.Builder
		if err := list(&out, last, []string{"signed SBOM", "", ""}); err != nil {
			t.Fatal(err)
		}
		got := out.String()
		for _, u := range last {
			got = strings.Replace(got, u.At.Local().Format("2006-01-02 15:04"), "", 1)
		}
		lines := strings.Split(strings.TrimSpace(got), "\n")
		for i, line := range lines {
			lines[i] = strings.Join(strings.Fields(line), " ")
		}
		want := strings.ReplaceAll(strings.Join(test.want, "\n"), "VERSION 1", last[len(last)-1].String()+" 1")
		if strings.Join(lines, "\n") != want {
			t.Errorf("%s: it lists\n%s\nwant\n%s", test.name, out.String(), want)
		}
	}
}

// However many versions there are, a registry that does not answer takes two seconds.
func TestRegistryThatDoesNotAnswer(t *testing.T) {
	end := make(chan struct{})
	registry := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-end }))
	defer registry.Close()
	defer close(end)
	there := update{version: version{Image: strings.TrimPrefix(registry.URL, "http://") + "/hello-world@sha256:" + strings.Repeat("1", 64)}}
	began := time.Now()
	said := proofs(t.Context(), slices.Repeat([]update{there}, 20), config.Credentials{})
	if took := time.Since(began); took > 3*time.Second || slices.ContainsFunc(said, func(words string) bool { return words != "" }) {
		t.Errorf("after %v, it says %q", took, said)
	}
}

// The key in force is that of the newest update, also if that only held a version of an older key.
func TestKeyInForce(t *testing.T) {
	old := update{version: version{ID: "a"}, SignedBy: "old"}
	held := update{version: version{ID: "a"}, SignedBy: "new", Held: true}
	if got := latest([]update{old, {version: version{ID: "b"}, SignedBy: "new"}, held}, 9)[0].SignedBy; got != "new" {
		t.Errorf("it judges by the %s key", got)
	}
}
