package tools

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"example.com/hello-world/supplier/checksums"
	"example.com/hello-world/supplier/supply"
)

// What the project says by content counts, whatever the publisher's list says.
func TestPinnedTool(t *testing.T) {
	list := func(of string) string { return fmt.Sprintf("%x  kubectl\n", sha256.Sum256([]byte(of))) }
	sum := func(of string) string { return list(of)[:64] }
	elsewhere := "plan9/386"
	for name, test := range map[string]struct {
		file, list, platform, pinned, mirror string
		says                                 []string // in the error, or else in the line of progress
		refused                              bool
	}{
		"as it was":                          {"good", list("good"), here.String(), "good", "", []string{"downloaded"}, false},
		"the list changed":                   {"good", list("evil"), here.String(), "good", "", []string{"downloaded"}, false},
		"the list cut off":                   {"good", list("good")[:30], here.String(), "good", "", []string{"downloaded"}, false},
		"file and list changed together":     {"evil", list("evil"), here.String(), "good", "", []string{"has the checksum " + sum("evil"), "supplier/checksums.txt says " + sum("good"), "'bin/ship tools pin --replace kubectl'"}, true},
		"the file changed":                   {"evil", list("good"), here.String(), "good", "", []string{"supplier/checksums.txt says " + sum("good")}, true},
		"a mirror with another file":         {"evil", list("evil"), here.String(), "good", "KUBERNETES_MIRROR", []string{"KUBERNETES_MIRROR: ", "supplier/checksums.txt says " + sum("good")}, true},
		"nothing written down":               {"good", list("good"), here.String(), "", "", []string{"downloaded in 0s; its checksum is not in this repository"}, false},
		"only of another platform":           {"good", list("good"), elsewhere, "evil", "", []string{"; its checksum is not in this repository"}, false},
		"only of another, and a wrong list":  {"good", list("evil"), elsewhere, "good", "", []string{"refused"}, true},
		"nothing written down, a cut list":   {"good", list("good")[:30], here.String(), "", "", []string{"is not a SHA-1, SHA-256 or SHA-512"}, true},
		"nothing written down, a wrong list": {"good", list("evil"), here.String(), "", "", []string{"refused"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if strings.HasSuffix(r.URL.Path, ".sha256") {
					fmt.Fprint(w, test.list)
				} else {
					fmt.Fprint(w, test.file)
				}
			}))
			defer server.Close()
			source := Source{Root: "../..", Sites: Sites{Kubernetes: Site{URL: server.URL, Mirror: test.mirror}}, Cache: supply.Cache{Dir: t.TempDir()}, Recipe: noRecipe}
			list, err := source.All()
			if err != nil {
				t.Fatal(err)
			}
			if test.pinned != "" {
				of := sha256.Sum256([]byte(test.pinned))
				source.Checksums = checksums.List{{Name: "kubectl", Version: list[0].Version, Platform: test.platform}: "sha256:" + hex.EncodeToString(of[:])}
			}
			if list, err = source.All(); err != nil {
				t.Fatal(err)
			}
			kubectl := list[0].Artefact()
			var progress strings.Builder
			supplier := supply.Supplier{Out: &progress, Logs: filepath.Join(t.TempDir(), "logs")}
			err = supplier.Supply(t.Context(), kubectl)
			said := progress.String()
			if err != nil {
				said = err.Error()
			}
			if (err != nil) != test.refused {
				t.Errorf("the error is %v", err)
			}
			for _, words := range test.says {
				if !strings.Contains(said, words) {
					t.Errorf("it does not say %q: %s", words, said)
				}
			}
			if there, _ := kubectl.Present(t.Context()); there == test.refused {
				t.Errorf("it is there: %v", there)
			}
			if test.pinned != "" && test.platform == here.String() && strings.Contains(said, "not in this repository") {
				t.Errorf("it says %s", said)
			}
		})
	}
}
