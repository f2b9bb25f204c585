package webservice_test

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/webservice"
)

// A program that runs an image as a server, a worker and a nightly job. With pulumi.Providers as the last argument of New, it runs in the cluster of that provider.
func Example() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		shop, err := webservice.New(ctx, "shop", &webservice.Args{
			Namespace: pulumi.String("market"), Path: pulumi.String("/shop"), Replicas: 3, Port: 8080,
			Image:      pulumi.String("ghcr.io/me/shop@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"),
			HealthPath: "/healthz",
			Workers:    map[string]webservice.Worker{"mails": {Arguments: pulumi.ToStringArray([]string{"work"}), Replicas: 1}},
			Jobs:       map[string]webservice.Job{"report": {Arguments: pulumi.ToStringArray([]string{"report"}), Schedule: "0 3 * * *"}},
		})
		if err == nil {
			ctx.Export("url", shop.URL)
		}
		return err
	})
}
