// Command several is a Pulumi program with two services in one namespace: a shop, which the Ingress leads to, with a worker, a
// nightly job and a folder that stays, and the prices, which only the shop asks for. It expects a kind cluster of this project
// with its Ingress controller.
package main

import (
	networkingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/networking/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/traefik"
	"example.com/hello-world/infra/webservice"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		image, _ := ctx.GetConfig("several:image")
		address, _ := ctx.GetConfig("several:ingressAddress")
		shop, err := webservice.New(ctx, "shop", &webservice.Args{
			Namespace: pulumi.String("market"),
			Image:     pulumi.String(image), Replicas: 1, Port: 8080, HealthPath: "/healthz",
			Volume:  webservice.Volume{Folder: "/data", Size: "16Mi"},
			Workers: map[string]webservice.Worker{"mails": {Arguments: pulumi.StringArray{pulumi.String("work")}, Replicas: 1}},
			Jobs:    map[string]webservice.Job{"nightly": {Arguments: pulumi.StringArray{pulumi.String("report")}, Schedule: "0 3 * * *"}},
			Path:    pulumi.String("/shop"), IngressClass: pulumi.String("traefik"),
			IngressFrom:    networkingv1.NetworkPolicyPeerArray{traefik.Peer},
			IngressAddress: pulumi.String(address),
			Env:            pulumi.StringMap{"ASKS": pulumi.String("http://prices-service:8080/")},
			Egress:         []webservice.Destination{{Namespace: "market", Port: 8080}},
		})
		if err != nil {
			return err
		}
		// Without a Path it has no Ingress.
		_, err = webservice.New(ctx, "prices", &webservice.Args{
			Beside: shop,
			Image:  pulumi.String(image), Replicas: 2, Port: 8080, HealthPath: "/healthz",
			Egress: []webservice.Destination{}, // it asks nobody
		})
		ctx.Export("url", shop.URL)
		return err
	})
}
