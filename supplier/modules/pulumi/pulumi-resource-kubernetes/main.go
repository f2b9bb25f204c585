// Command pulumi-resource-kubernetes is Pulumi's kubernetes plugin. The published module leaves out two generated files that
// its own main package embeds, so this one embeds the schema and the mapping they are made from. The build lays both here from
// the module's directory (go build -overlay); neither is in this repository.
package main

import (
	_ "embed"

	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"
	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version"
)

//go:embed schema.json
var schema []byte

//go:embed terraform-mapping.json
var mapping []byte

func main() {
	// What the release adds to the schema is its version, as the first field.
	versioned := append([]byte(`{"version":"`+version.Version+`",`), schema[1:]...)
	provider.Serve("kubernetes", version.Version, versioned, mapping)
}
