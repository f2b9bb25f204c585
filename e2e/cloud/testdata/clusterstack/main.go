// Command clusterstack exports the kubeconfig that it is given, like a program that makes a cluster and exports its kubeconfig.
package main

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		given, _ := ctx.GetConfig("cluster:kubeconfig")
		ctx.Export("access", pulumi.ToSecret(pulumi.String(given)))
		return nil
	})
}
