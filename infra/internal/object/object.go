// Package object holds what all objects of a stack have in common.
package object

import (
	"fmt"
	"maps"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Annotations adds two annotations to an object's own, which make its declaration win over what is in the cluster.
//
// An interrupted `pulumi destroy` may have removed objects from the state that are still in the cluster, and the next
// `pulumi up` declares them again. By default it would use a new field manager with a random name: each difference would
// be a conflict, and fields that are no longer declared would stay, because the old manager still owns them. With one name
// for all states, it goes on as if nothing had happened. The objects are certainly this stack's: the program refuses a
// namespace of another state before it declares anything in it.
//
// The force overrides fields that others have set, such as the replica count after a `kubectl scale`.
func Annotations(own pulumi.StringMap) pulumi.StringMap {
	all := pulumi.StringMap{
		"pulumi.com/patchFieldManager": pulumi.String("hello-world"),
		"pulumi.com/patchForce":        pulumi.String("true"),
	}
	maps.Copy(all, own)
	return all
}

// Within limits how long `pulumi up` waits for an object that it creates or updates.
func Within(limit time.Duration) pulumi.ResourceOption {
	seconds := fmt.Sprintf("%ds", int(limit.Seconds()))
	return pulumi.Timeouts(&pulumi.CustomTimeouts{Create: seconds, Update: seconds})
}
