// Command empty is a Pulumi program that declares nothing. What its `pulumi up` takes is the least that any can take.
package main

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

func main() {
	pulumi.Run(func(*pulumi.Context) error { return nil })
}
