// Command pulumi-resource-docker is a docker plugin for machines that cannot download the official one, which cannot be built
// from Go modules. It implements one resource, docker:index/image:Image, as pulumi-docker 4.10.0 does: same inputs, outputs,
// state and content hash, so that one plugin can update a stack made with the other. It refuses anything else that the official
// plugin knows by name.
package main

import (
	"context"
	"fmt"
	"os"
)

// version is the version of the official plugin. The engine asks for it, because the program's SDK names it.
const version = "4.10.0"

func main() {
	go endWithParent(os.Getppid())
	if err := newProvider().Run(context.Background(), "docker", version); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
