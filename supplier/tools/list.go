package tools

import (
	"os"
	"runtime"
	"strings"

	"example.com/hello-world/supplier/checksums"
	"example.com/hello-world/supplier/pins"
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

// Source says where tools come from.
type Source struct {
	// Root is the project's folder, whose go.mod files pin the versions.
	Root string
	// Sites are where to download them from.
	Sites Sites
	// Cache keeps them.
	Cache supply.Cache
	// Checksums are those that the project says they have.
	Checksums checksums.List
	// Recipe says how to build the tool of that name and version where it cannot be downloaded.
	Recipe func(name, version string) (Recipe, error)
}

// All returns the tools in the order in which they are needed.
func (s Source) All() ([]Tool, error) { return s.complete(s.all()) }

func (s Source) all() []describe {
	return []describe{
		s.tool("kubectl", s.in("kubernetes"), "k8s.io/kubernetes", kubectlRelease),
		s.tool("pulumi", s.in("pulumi"), "github.com/pulumi/pulumi/pkg/v3", pulumiRelease, "pulumi-language-go"),
		s.plugin("docker"),
		s.plugin("kubernetes"),
	}
}

// ForTests returns the tools that only tests need: `ship` has kind's library.
func (s Source) ForTests() ([]Tool, error) { return s.complete(s.forTests()) }

func (s Source) forTests() []describe {
	return []describe{s.tool("kind", s.in("kind"), "sigs.k8s.io/kind", kindRelease)}
}

// Names returns the names of all tools, those for tests included.
func (s Source) Names() (names []string, err error) {
	for _, describe := range append(s.all(), s.forTests()...) {
		tool, err := describe()
		if err != nil {
			return nil, err
		}
		names = append(names, tool.Name)
	}
	return names, nil
}

// describe returns a tool, with its version.
type describe func() (Tool, error)

// complete returns the tools with their recipes, and where the cache keeps them: the key covers everything that they are made
// from.
func (s Source) complete(described []describe) (list []Tool, err error) {
	for _, describe := range described {
		tool, err := describe()
		if err == nil {
			tool.recipe, err = s.Recipe(tool.Name, tool.Version)
		}
		if err != nil {
			return nil, err
		}
		_, tool.sum, _ = strings.Cut(s.Checksums[checksums.Key{Name: tool.Name, Version: tool.Version, Platform: here.String()}], ":")
		tool.entry = s.Cache.Entry(tool.Name+"-"+tool.Version, append([]string{tool.Version}, tool.recipe.Pins...)...)
		list = append(list, tool)
	}
	return list, nil
}

func (s Source) in(name string) pins.Module { return pins.In(s.Root, name) }

// tool describes a tool, with more commands than the one of its name. Its version is the one at which a module requires another.
func (s Source) tool(name string, in pins.Module, required string, from publisher, more ...string) describe {
	return func() (Tool, error) {
		version, err := in.Version(required)
		released := func(on Platform) release { return from(s.Sites, version, on) }
		return Tool{Name: name, Version: version, Commands: append([]string{name}, more...), release: released}, err
	}
}

// plugin describes a plugin of Pulumi. Its version is that of the SDK that the program is written with.
func (s Source) plugin(of string) describe {
	return s.tool("pulumi-resource-"+of, pins.Module{Dir: s.Root}, "github.com/pulumi/pulumi-"+of+"/sdk/v4", pluginRelease(of))
}

// released returns the file that the site publishes at path, with its checksum in the list at sums.
func (s Site) released(path, sums string) release {
	return release{url: s.URL + path, sums: s.URL + sums, mirror: s.Mirror}
}

// Platform is what a release runs on, as Go and most publishers name it.
type Platform struct{ OS, Arch string }

// Platforms are those that people use the project on.
var Platforms = []Platform{{"linux", "amd64"}, {"linux", "arm64"}, {"darwin", "amd64"}, {"darwin", "arm64"}}

// here is this machine's.
var here = Platform{runtime.GOOS, runtime.GOARCH}

func (p Platform) String() string { return p.OS + "/" + p.Arch }

// publisher says where a version of a tool is published for a platform.
type publisher func(sites Sites, version string, on Platform) release

func kindRelease(sites Sites, version string, on Platform) release {
	file := "/kubernetes-sigs/kind/releases/download/" + version + "/kind-" + on.OS + "-" + on.Arch
	return sites.GitHub.released(file, file+".sha256sum")
}

func kubectlRelease(sites Sites, version string, on Platform) release {
	file := "/release/" + version + "/bin/" + on.String() + "/kubectl"
	return sites.Kubernetes.released(file, file+".sha256")
}

func pulumiRelease(sites Sites, version string, on Platform) release {
	folder := "/pulumi/pulumi/releases/download/" + version + "/pulumi-"
	// Pulumi calls this one architecture by another name than Go does.
	return sites.GitHub.released(
		folder+version+"-"+on.OS+"-"+strings.Replace(on.Arch, "amd64", "x64", 1)+".tar.gz",
		folder+strings.TrimPrefix(version, "v")+"-checksums.txt")
}

func pluginRelease(name string) publisher {
	return func(sites Sites, version string, on Platform) release {
		folder := "/pulumi/pulumi-" + name + "/releases/download/" + version + "/pulumi-"
		return sites.GitHub.released(
			folder+"resource-"+name+"-"+version+"-"+on.OS+"-"+on.Arch+".tar.gz",
			folder+name+"_"+strings.TrimPrefix(version, "v")+"_checksums.txt")
	}
}
