// Package object has what all objects of a stack have in common.
package object

import (
	"maps"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Annotations adds to an object's own annotations two that have its declaration win over whatever is in the cluster.
//
// A `pulumi destroy` that was interrupted may have taken objects out of the state that are still in the cluster, and the
// next `pulumi up` declares them again. By default it would do so under another field manager, with a random name: each
// difference would be a conflict, and whatever is no longer declared would stay, since the manager before it still owns
// that. Under one name for all states it is as if nothing had happened. That the objects are this stack's is certain by
// then: the program refuses a namespace of another state before it declares what is in there.
//
// The force is for fields that somebody else set, such as the replica count after a `kubectl scale`.
func Annotations(own pulumi.StringMap) pulumi.StringMap {
	all := pulumi.StringMap{
		"pulumi.com/patchFieldManager": pulumi.String("hello-world"),
		"pulumi.com/patchForce":        pulumi.String("true"),
	}
	maps.Copy(all, own)
	return all
}
