package tools

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"example.com/hello-world/supplier/gobuild"
	"example.com/hello-world/supplier/supply"
)

// Sites are where releases are downloaded from.
type Sites struct{ GitHub, Kubernetes Site }

// Site is a publisher's, or a mirror of it.
type Site struct {
	// URL is the base address, such as https://github.com.
	URL string
	// Mirror is the environment variable that names it; "" where it is the publisher's.
	Mirror string
}

// SiteOf is the site that the environment variable names instead of the publisher's.
func SiteOf(publisher, variable string) Site {
	if mirror := os.Getenv(variable); mirror != "" {
		return Site{URL: mirror, Mirror: variable}
	}
	return Site{URL: publisher}
}

// All returns the tools in the order in which they are needed. root is the
// project's folder, whose go.mod files pin the versions.
func All(root string, sites Sites, cache supply.Cache) ([]Tool, error) {
	modules := filepath.Join(root, "supplier", "modules")
	var (
		program    = gobuild.Module{Dir: root}
		kind       = gobuild.Module{Dir: filepath.Join(modules, "kind")}
		kubernetes = gobuild.Module{Dir: filepath.Join(modules, "kubernetes")}
		pulumi     = gobuild.Module{Dir: filepath.Join(modules, "pulumi")}
		languageGo = gobuild.Module{Dir: filepath.Join(modules, "pulumi-language-go")}
	)
	versions := map[string]string{}
	for _, pin := range []struct {
		name   string
		in     gobuild.Module
		module string
	}{
		{"kind", kind, "sigs.k8s.io/kind"},
		{"kubectl", kubernetes, "k8s.io/kubernetes"},
		{"pulumi", pulumi, "github.com/pulumi/pulumi/pkg/v3"},
		{"language-go", languageGo, "github.com/pulumi/pulumi/sdk/v3"},
		// A plugin is of the version of the SDK that the program is written with.
		{"kubernetes", program, "github.com/pulumi/pulumi-kubernetes/sdk/v4"},
		{"docker", program, "github.com/pulumi/pulumi-docker/sdk/v4"},
	} {
		version, err := pin.in.Version(pin.module)
		if err != nil {
			return nil, err
		}
		versions[pin.name] = version
	}

	const (
		kubernetesPlugin = "github.com/pulumi/pulumi-kubernetes/provider/v4"
		cliVersion       = "-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version="
	)
	list := []Tool{
		{
			Name: "kind", Version: versions["kind"], Commands: []string{"kind"},
			release: kindRelease(sites, versions["kind"]),
			builds:  []build{{module: kind, Build: gobuild.Build{Packages: []string{"sigs.k8s.io/kind"}}}},
			usually: 10 * time.Second,
		},
		{
			Name: "kubectl", Version: versions["kubectl"], Commands: []string{"kubectl"},
			release: kubectlRelease(sites, versions["kubectl"]),
			builds: []build{{module: kubernetes, Build: gobuild.Build{
				Packages: []string{"k8s.io/kubernetes/cmd/kubectl"},
				LDFlags:  "-X k8s.io/component-base/version.gitVersion=" + versions["kubectl"],
			}}},
			usually: 2 * time.Minute,
		},
		{
			Name: "pulumi", Version: versions["pulumi"], Commands: []string{"pulumi", "pulumi-language-go"},
			release: pulumiRelease(sites, versions["pulumi"]),
			builds: []build{
				{
					module: pulumi, own: []string{"instead/pulumi", "instead/gocloud"},
					Build: gobuild.Build{
						Packages: []string{"github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"},
						LDFlags:  cliVersion + versions["pulumi"],
						Replace: []gobuild.Replacement{
							{Module: "github.com/pulumi/pulumi/pkg/v3", With: "instead/pulumi"},
							{Module: "gocloud.dev", With: "instead/gocloud", Without: []string{"blob/gcsblob/iam.go"}},
						},
					},
				},
				{
					module: languageGo, Build: gobuild.Build{
						Packages: []string{"github.com/pulumi/pulumi/sdk/go/pulumi-language-go/v3"},
						LDFlags:  cliVersion + versions["language-go"],
					},
				},
			},
			usually: 4 * time.Minute,
		},
		{
			Name: "pulumi-resource-docker", Version: versions["docker"], Commands: []string{"pulumi-resource-docker"},
			release: pluginRelease(sites, "docker", versions["docker"]),
			// The official plugin is not a Go module: this one is ours, and
			// knows just the resource that the program uses.
			builds: []build{{module: pulumi, own: []string{"pulumi-resource-docker"}, Build: gobuild.Build{
				Packages: []string{"./pulumi-resource-docker"},
			}}},
			usually: 10 * time.Second,
		},
		{
			Name: "pulumi-resource-kubernetes", Version: versions["kubernetes"], Commands: []string{"pulumi-resource-kubernetes"},
			release: pluginRelease(sites, "kubernetes", versions["kubernetes"]),
			builds: []build{{
				module: pulumi, own: []string{"pulumi-resource-kubernetes", "instead/kubernetes"},
				Build: gobuild.Build{
					Packages: []string{"./pulumi-resource-kubernetes"},
					LDFlags:  "-X " + kubernetesPlugin + "/pkg/version.Version=" + strings.TrimPrefix(versions["kubernetes"], "v"),
					Replace: []gobuild.Replacement{
						{Module: kubernetesPlugin, With: "instead/kubernetes", Without: []string{
							"pkg/gen/dotnet.go", "pkg/gen/overlays.go", "pkg/gen/schema.go", "pkg/gen/strings.go", "pkg/gen/typegen.go", "pkg/gen/types.go",
						}},
						// The plugin uses nothing but patch.go. The rest waits for
						// resources, and is older than the Kubernetes API.
						{Module: "github.com/fluxcd/pkg/ssa", Without: []string{
							"changeset.go", "manager.go", "manager_apply.go", "manager_delete.go", "manager_diff.go",
							"manager_wait.go", "sort.go", "utils.go",
						}},
					},
				},
				embed: map[string]inModule{
					"pulumi-resource-kubernetes/schema.json":            {kubernetesPlugin, "cmd/pulumi-resource-kubernetes/schema.json"},
					"pulumi-resource-kubernetes/terraform-mapping.json": {kubernetesPlugin, "cmd/pulumi-resource-kubernetes/terraform-mapping.json"},
				},
			}},
			usually: 30 * time.Second,
		},
	}
	for i := range list {
		var err error
		if list[i], err = list[i].cached(cache); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func kindRelease(sites Sites, version string) release {
	url := sites.GitHub.URL + "/kubernetes-sigs/kind/releases/download/" + version + "/kind-" + runtime.GOOS + "-" + runtime.GOARCH
	return release{url: url, sums: url + ".sha256sum", mirror: sites.GitHub.Mirror}
}

func kubectlRelease(sites Sites, version string) release {
	url := sites.Kubernetes.URL + "/release/" + version + "/bin/" + runtime.GOOS + "/" + runtime.GOARCH + "/kubectl"
	return release{url: url, sums: url + ".sha256", mirror: sites.Kubernetes.Mirror}
}

func pulumiRelease(sites Sites, version string) release {
	folder := sites.GitHub.URL + "/pulumi/pulumi/releases/download/" + version + "/"
	// Pulumi calls this one architecture by another name than Go does.
	architecture := strings.Replace(runtime.GOARCH, "amd64", "x64", 1)
	return release{
		url:    folder + "pulumi-" + version + "-" + runtime.GOOS + "-" + architecture + ".tar.gz",
		sums:   folder + "pulumi-" + strings.TrimPrefix(version, "v") + "-checksums.txt",
		mirror: sites.GitHub.Mirror,
	}
}

func pluginRelease(sites Sites, name, version string) release {
	folder := sites.GitHub.URL + "/pulumi/pulumi-" + name + "/releases/download/" + version + "/"
	return release{
		url:    folder + "pulumi-resource-" + name + "-" + version + "-" + runtime.GOOS + "-" + runtime.GOARCH + ".tar.gz",
		sums:   folder + "pulumi-" + name + "_" + strings.TrimPrefix(version, "v") + "_checksums.txt",
		mirror: sites.GitHub.Mirror,
	}
}
