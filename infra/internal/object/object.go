// Package object has what all objects of a stack have in common.
package object

import (
	"maps"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Annotations adds to an object's own annotations the one that has its declaration win over whatever the cluster says of
// it, whoever wrote that. A `pulumi destroy` that was interrupted may have taken objects out of the state that are still in
// the cluster; the next `pulumi up` then declares them again, under another field manager than the one that made them, and
// the cluster would call each difference a conflict. That the objects are this stack's is certain by then: the program
// refuses any namespace of another state before it declares what is in there.
func Annotations(own pulumi.StringMap) pulumi.StringMap {
	all := pulumi.StringMap{"pulumi.com/patchForce": pulumi.String("true")}
	maps.Copy(all, own)
	return all
}
