package main

import (
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/config"
	"example.com/hello-world/infra/headlamp"
)

// dashboard shows the cluster beside the service, if it is configured: at the same address, behind the same Ingress
// controller and with the same sort of certificate.
func dashboard(
	ctx *pulumi.Context, cfg config.Config, state pulumi.StringInput, images pins, in ingress, serviceURL pulumi.StringOutput,
	namespaces uids,
	opts ...pulumi.ResourceOption,
) error {
	if !cfg.Dashboard {
		return nil
	}
	shown, err := headlamp.New(ctx, &headlamp.Args{
		Image:              images.of(headlamp.Image),
		Path:               config.DashboardPath,
		State:              state,
		Host:               optional(cfg.Host),
		IngressClass:       in.class,
		IngressAnnotations: texts(cfg, "ingressAnnotations", cfg.IngressAnnotations),
		IngressFrom:        in.from,
		TLSSecret:          optional(cfg.TLSSecret),
		ClusterIssuer:      optional(cfg.ClusterIssuer),
		AddressTimeout:     time.Duration(cfg.AddressTimeout) * time.Second,
	}, opts...)
	if err != nil {
		return err
	}
	namespaces[headlamp.Namespace] = shown.NamespaceUID
	ctx.Export("dashboardUrl", pulumi.All(serviceURL, shown.Path).ApplyT(func(all []any) (string, error) {
		return atPath(all[0].(string), all[1].(string)+"/") // without the slash Headlamp answers 404
	}))
	ctx.Export("dashboardToken", pulumi.Sprintf("kubectl create token %s --namespace %s --context %s",
		headlamp.Viewer, shown.Namespace, quoted(cfg.Context)))
	return nil
}

var plainWord = regexp.MustCompile(`^[\w@%+=:,./-]+$`)

// quoted is a word as the shell takes it.
func quoted(word string) string {
	if plainWord.MatchString(word) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// atPath is a URL with another path.
func atPath(address, path string) (string, error) {
	parsed, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	parsed.Path = path
	return parsed.String(), nil
}
