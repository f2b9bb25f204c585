package tools

import (
	"os"
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

// Publishers are the sites of the publishers, or of mirrors that the environment names.
func Publishers() Sites {
	return Sites{GitHub: siteOf("https://github.com", "GITHUB_MIRROR"), Kubernetes: siteOf("https://dl.k8s.io", "KUBERNETES_MIRROR")}
}

func siteOf(publisher, variable string) Site {
	if mirror := os.Getenv(variable); mirror != "" {
		return Site{URL: mirror, Mirror: variable}
	}
	return Site{URL: publisher}
}

// All returns the tools in the order in which they are needed. root is the
// project's folder, whose go.mod files pin the versions.
func All(root string, sites Sites, cache supply.Cache) ([]Tool, error) {
	c := catalogue{root: root, sites: sites}
	return c.cached(cache, c.kubectl(), c.pulumi(), c.dockerPlugin(), c.kubernetesPlugin())
}

// ForTests returns the tools that only tests need: `ship` has kind's library.
func ForTests(root string, sites Sites, cache supply.Cache) ([]Tool, error) {
	c := catalogue{root: root, sites: sites}
	return c.cached(cache, c.kind())
}

// cached returns the tools, with where the cache keeps them.
func (c *catalogue) cached(cache supply.Cache, list ...Tool) ([]Tool, error) {
	if c.err != nil {
		return nil, c.err
	}
	for i := range list {
		var err error
		if list[i], err = list[i].cached(cache); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// catalogue describes each tool.
type catalogue struct {
	root  string
	sites Sites
	err   error // the first from looking up a version
}

// version returns the version at which one module requires another.
func (c *catalogue) version(in gobuild.Module, of string) string {
	version, err := in.Version(of)
	if c.err == nil {
		c.err = err
	}
	return version
}

// sdkVersion returns the version of a plugin: that of the SDK that the program is written with.
func (c *catalogue) sdkVersion(plugin string) string {
	return c.version(gobuild.Module{Dir: c.root}, "github.com/pulumi/pulumi-"+plugin+"/sdk/v4")
}

func (c *catalogue) kind() Tool {
	module := gobuild.Pinned(c.root, "kind")
	version := c.version(module, "sigs.k8s.io/kind")
	return Tool{
		Name: "kind", Version: version, Commands: []string{"kind"},
		release:     kindRelease(c.sites, version),
		builds:      []build{{module: module, Build: gobuild.Build{Packages: []string{"sigs.k8s.io/kind"}}}},
		typicalTime: 10 * time.Second,
	}
}

func (c *catalogue) kubectl() Tool {
	module := gobuild.Pinned(c.root, "kubernetes")
	version := c.version(module, "k8s.io/kubernetes")
	return Tool{
		Name: "kubectl", Version: version, Commands: []string{"kubectl"},
		release: kubectlRelease(c.sites, version),
		builds: []build{{module: module, Build: gobuild.Build{
			Packages: []string{"k8s.io/kubernetes/cmd/kubectl"},
			LDFlags:  "-X k8s.io/component-base/version.gitVersion=" + version,
		}}},
		typicalTime: 2 * time.Minute,
	}
}

func (c *catalogue) pulumi() Tool {
	const versionFlag = "-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version="
	module, languageGo := gobuild.Pinned(c.root, "pulumi"), gobuild.Pinned(c.root, "pulumi-language-go")
	version := c.version(module, "github.com/pulumi/pulumi/pkg/v3")
	return Tool{
		Name: "pulumi", Version: version, Commands: []string{"pulumi", "pulumi-language-go"},
		release: pulumiRelease(c.sites, version),
		builds: []build{
			{
				module: module, own: []string{"instead/pulumi", "instead/gocloud"},
				Build: gobuild.Build{
					Packages: []string{"github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"},
					LDFlags:  versionFlag + version,
					Replace: []gobuild.Replacement{
						{Module: "github.com/pulumi/pulumi/pkg/v3", With: "instead/pulumi"},
						{Module: "gocloud.dev", With: "instead/gocloud", Without: []string{"blob/gcsblob/iam.go"}},
					},
				},
			},
			{
				module: languageGo, Build: gobuild.Build{
					Packages: []string{"github.com/pulumi/pulumi/sdk/go/pulumi-language-go/v3"},
					LDFlags:  versionFlag + c.version(languageGo, "github.com/pulumi/pulumi/sdk/v3"),
				},
			},
		},
		typicalTime: 4 * time.Minute,
	}
}

// dockerPlugin builds a plugin of ours if the official one, which is not a Go module,
// cannot be downloaded. It knows just the resource that the program uses.
func (c *catalogue) dockerPlugin() Tool {
	version := c.sdkVersion("docker")
	return Tool{
		Name: "pulumi-resource-docker", Version: version, Commands: []string{"pulumi-resource-docker"},
		release: pluginRelease(c.sites, "docker", version),
		builds: []build{{module: gobuild.Pinned(c.root, "pulumi"), own: []string{"pulumi-resource-docker"}, Build: gobuild.Build{
			Packages: []string{"./pulumi-resource-docker"},
		}}},
		typicalTime: 10 * time.Second,
	}
}

func (c *catalogue) kubernetesPlugin() Tool {
	const plugin = "github.com/pulumi/pulumi-kubernetes/provider/v4"
	version := c.sdkVersion("kubernetes")
	return Tool{
		Name: "pulumi-resource-kubernetes", Version: version, Commands: []string{"pulumi-resource-kubernetes"},
		release: pluginRelease(c.sites, "kubernetes", version),
		builds: []build{{
			module: gobuild.Pinned(c.root, "pulumi"), own: []string{"pulumi-resource-kubernetes", "instead/kubernetes"},
			Build: gobuild.Build{
				Packages: []string{"./pulumi-resource-kubernetes"},
				LDFlags:  "-X " + plugin + "/pkg/version.Version=" + strings.TrimPrefix(version, "v"),
				Replace: []gobuild.Replacement{
					{Module: plugin, With: "instead/kubernetes", Without: []string{
						"pkg/gen/dotnet.go", "pkg/gen/overlays.go", "pkg/gen/schema.go", "pkg/gen/strings.go", "pkg/gen/typegen.go", "pkg/gen/types.go",
					}},
					// The plugin uses nothing but patch.go. The rest waits for resources, and is older than the Kubernetes API.
					{Module: "github.com/fluxcd/pkg/ssa", Without: []string{
						"changeset.go", "manager.go", "manager_apply.go", "manager_delete.go", "manager_diff.go",
						"manager_wait.go", "sort.go", "utils.go",
					}},
				},
			},
			embed: map[string]inModule{
				"pulumi-resource-kubernetes/schema.json":            {plugin, "cmd/pulumi-resource-kubernetes/schema.json"},
				"pulumi-resource-kubernetes/terraform-mapping.json": {plugin, "cmd/pulumi-resource-kubernetes/terraform-mapping.json"},
			},
		}},
		typicalTime: 30 * time.Second,
	}
}

// released returns the file that the site publishes at path, with its checksum in the list at sums.
func (s Site) released(path, sums string) release {
	return release{url: s.URL + path, sums: s.URL + sums, mirror: s.Mirror}
}

// platform is this machine's, as Go and most publishers name it.
const platform = runtime.GOOS + "-" + runtime.GOARCH

func kindRelease(sites Sites, version string) release {
	file := "/kubernetes-sigs/kind/releases/download/" + version + "/kind-" + platform
	return sites.GitHub.released(file, file+".sha256sum")
}

func kubectlRelease(sites Sites, version string) release {
	file := "/release/" + version + "/bin/" + runtime.GOOS + "/" + runtime.GOARCH + "/kubectl"
	return sites.Kubernetes.released(file, file+".sha256")
}

func pulumiRelease(sites Sites, version string) release {
	folder := "/pulumi/pulumi/releases/download/" + version + "/pulumi-"
	// Pulumi calls this one architecture by another name than Go does.
	return sites.GitHub.released(
		folder+version+"-"+strings.Replace(platform, "amd64", "x64", 1)+".tar.gz",
		folder+strings.TrimPrefix(version, "v")+"-checksums.txt")
}

func pluginRelease(sites Sites, name, version string) release {
	folder := "/pulumi/pulumi-" + name + "/releases/download/" + version + "/pulumi-"
	return sites.GitHub.released(
		folder+"resource-"+name+"-"+version+"-"+platform+".tar.gz",
		folder+name+"_"+strings.TrimPrefix(version, "v")+"_checksums.txt")
}
