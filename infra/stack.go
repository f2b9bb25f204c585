package main

import (
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/preflight"
)

// stack is what one run of the program declares.
type stack struct {
	*preflight.Cleared
	ctx *pulumi.Context

	provider   pulumi.ResourceOption          // every object goes through it
	namespaces map[string]pulumi.StringOutput // the uids of those that the program declares, by name; "" or unknown in a preview that would create one
	images     pulumi.StringMap               // of further servers, by name
	beside     pulumi.StringArray             // the names of the Deployments beside the server's
	builds     sync.Map                       // the Dockerfiles of what the program builds, by repository; without what has been attested
	changed    sync.Map                       // the names of the Deployments that this update has changed
}
