package toolbuild

import (
	"fmt"
	"strings"
	"time"

	"example.com/hello-world/supplier/bare/gobuild"
	"example.com/hello-world/supplier/tools"
)

// Recipe returns how to build the tool of that name and version.
func (b Builder) Recipe(name, version string) (tools.Recipe, error) {
	switch name {
	case "kind":
		return recipe(10*time.Second, build{module: b.pinned("kind"), Build: gobuild.Build{Packages: []string{"sigs.k8s.io/kind"}}})
	case "kubectl":
		return recipe(2*time.Minute, build{module: b.pinned("kubernetes"), Build: gobuild.Build{
			Packages: []string{"k8s.io/kubernetes/cmd/kubectl"},
			LDFlags:  "-X k8s.io/component-base/version.gitVersion=" + version,
		}})
	case "pulumi":
		return b.pulumi(version)
	case "pulumi-resource-docker":
		// The official plugin is not a Go module. Ours knows just the resource that the program uses.
		return recipe(10*time.Second, build{module: b.pinned("pulumi"), own: []string{name}, Build: gobuild.Build{
			Packages: []string{"./" + name},
		}})
	case "pulumi-resource-kubernetes":
		return b.kubernetesPlugin(name, version)
	}
	return tools.Recipe{}, fmt.Errorf("%s: there is no recipe to build it", name)
}

func (b Builder) pulumi(version string) (tools.Recipe, error) {
	const versionFlag = "-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version="
	languageGo := b.pinned("pulumi-language-go")
	sdk, err := languageGo.Version("github.com/pulumi/pulumi/sdk/v3")
	if err != nil {
		return tools.Recipe{}, err
	}
	return recipe(4*time.Minute,
		build{
			module: b.pinned("pulumi"), own: []string{"instead/pulumi", "instead/gocloud"},
			Build: gobuild.Build{
				Packages: []string{"github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"},
				LDFlags:  versionFlag + version,
				Replace: []gobuild.Replacement{
					{Module: "github.com/pulumi/pulumi/pkg/v3", With: "instead/pulumi"},
					{Module: "gocloud.dev", With: "instead/gocloud", Without: []string{"blob/gcsblob/iam.go"}},
				},
			},
		},
		build{
			module: languageGo, Build: gobuild.Build{
				Packages: []string{"github.com/pulumi/pulumi/sdk/go/pulumi-language-go/v3"},
				LDFlags:  versionFlag + sdk,
			},
		},
	)
}

func (b Builder) kubernetesPlugin(name, version string) (tools.Recipe, error) {
	const plugin = "github.com/pulumi/pulumi-kubernetes/provider/v4"
	return recipe(30*time.Second, build{
		module: b.pinned("pulumi"), own: []string{name, "instead/kubernetes"},
		Build: gobuild.Build{
			Packages: []string{"./" + name},
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
	})
}
