package supplier

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"
)

// Where nothing can be downloaded, several builds compile a shared module only once if
// it is at one version in all of them, and so is everything that it imports.
func TestModulesAreAtOneVersionInAllBuilds(t *testing.T) {
	// The modules that cannot follow, by the folder of the build, and why.
	exceptions := map[string][]string{
		"lint": {""}, // runs apart from these builds
		// the SDK before the one that requires pulumi-cloud-sdk; a go-git without known vulnerabilities; what only a test uses
		"..": {
			"github.com/pulumi/pulumi/sdk/", "github.com/go-git/", "github.com/golang/groupcache", "github.com/pjbgf/sha1cd",
			"github.com/skeema/knownhosts", "golang.org/x/exp", "github.com/google/gnostic-models",
		},
		"pulumi-language-go": {"github.com/pulumi/"}, // does not compile with the newer SDK
		"containerd":         {"k8s.io/"},            // is ahead of Kubernetes
		"pulumi": {
			"github.com/docker/cli",               // a newer one comes with another client of the engine
			"github.com/containerd/containerd/v2", // a newer one comes with a newer Kubernetes
		},
		"traefik": {
			// logs with an API that newer ones have dropped, and so does what requires those
			"go.opentelemetry.io/", "github.com/grpc-ecosystem/grpc-gateway/v2",
			// ahead of the others, in what compiles within seconds
			"go.etcd.io/etcd/", "go.uber.org/zap",
			"github.com/docker/cli", "github.com/fatih/color", "github.com/hashicorp/go-version", "github.com/mattn/go-isatty",
			"github.com/miekg/dns", "github.com/pires/go-proxyproto", "github.com/quic-go/quic-go", "github.com/redis/go-redis/v9",
			"golang.org/x/exp", "gomodules.xyz/jsonpatch/v2",
		},
	}
	files, err := filepath.Glob("modules/*/go.mod")
	if err != nil {
		t.Fatal(err)
	}
	type use struct{ file, version string }
	uses := map[string][]use{}
	files = append(files, "go.mod") // ship's, which compiles first
	if !adopted(t) {
		files = append(files, "../go.mod")
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		parsed, err := modfile.Parse(file, text, nil)
		if err != nil {
			t.Fatal(err)
		}
		build := filepath.Base(filepath.Dir(file))
		for _, require := range parsed.Require {
			module, version := require.Mod.Path, require.Mod.Version
			excepted := func(prefix string) bool { return strings.HasPrefix(module, prefix) }
			if slices.ContainsFunc(exceptions[build], excepted) {
				continue
			}
			for _, replace := range parsed.Replace {
				if replace.Old.Path == module && replace.New.Path == module {
					version = replace.New.Version
				}
			}
			uses[module] = append(uses[module], use{filepath.Join("supplier", file), version})
		}
	}
	for module, of := range uses {
		for _, other := range of[1:] {
			if other.version != of[0].version {
				t.Errorf("%s is %s in %s and %s in %s: require one version in both, or add why not to exceptions",
					module, of[0].version, of[0].file, other.version, other.file)
			}
		}
	}
}
