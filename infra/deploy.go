package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/attestation/signature"
	"example.com/hello-world/infra/preflight"
)

// deploy declares everything: this is the architecture.
func deploy(ctx *pulumi.Context, cleared *preflight.Cleared) error {
	s := &stack{Cleared: cleared, ctx: ctx, namespaces: map[string]pulumi.StringOutput{}, images: pulumi.StringMap{}}
	provider, err := newProvider(ctx, s.Config)
	if err != nil {
		return err
	}
	s.provider = pulumi.Providers(provider)

	image, err := s.serverImage()
	if err != nil {
		return err
	}
	in, err := s.installController()
	if err != nil {
		return err
	}
	hello, err := s.runService(image, in)
	if err != nil {
		return err
	}
	if err := s.monitor(hello); err != nil {
		return err
	}
	if err := s.installDashboard(in, hello.URL); err != nil {
		return err
	}
	// After all that makes a namespace.
	if err := s.guard(hello.Namespace, pulumi.Provider(provider)); err != nil {
		return err
	}
	s.confirmNamespaces()

	ctx.Export("url", hello.URL)
	ctx.Export("healthUrl", hello.URL.ApplyT(func(url string) string { return healthURL(s.Config, url) }))
	ctx.Export("app", pulumi.String(app))
	ctx.Export("image", hello.Image)
	if err := s.exportFurtherImages(); err != nil {
		return err
	}
	if s.Config.SigningKey != "" {
		ctx.Export("signedBy", pulumi.String(signature.PublicHalf(string(s.Config.SigningKey))))
	}
	ctx.Export("replicas", hello.Replicas)
	ctx.Export("beside", s.beside)
	ctx.Export("namespace", hello.Namespace)
	ctx.Export("serviceAddress", hello.ServiceAddress)
	ctx.Export("try", hello.Try)
	ctx.Export("context", pulumi.String(s.Config.Context))
	return nil
}
