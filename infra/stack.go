package main

import (
	"slices"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/config"
	"example.com/hello-world/infra/kubeconfig"
)

// stack is what one run of the program deploys.
type stack struct {
	ctx     *pulumi.Context
	cfg     config.Config
	cluster *kubeconfig.Connection
	state   pulumi.StringOutput // tells it from another state of a stack with the same name
	id      string              // its value, for hooks that ask the cluster
	images  pins

	given     bool     // the service's namespace is not the stack's
	unclaimed []string // the stack's namespaces that no state has

	provider   pulumi.ResourceOption // every object goes through it
	namespaces uids
	after      []pulumi.Resource // what must succeed before any namespace is claimed
	changed    sync.Map          // the names of the Deployments that this update has changed
}

// deploy declares everything: this is the architecture.
func (s *stack) deploy() error {
	provider, err := newProvider(s.ctx, s.cfg)
	if err != nil {
		return err
	}
	s.provider, s.namespaces = pulumi.Providers(provider), uids{}

	image, err := s.buildImage()
	if err != nil {
		return err
	}
	if len(s.unclaimed) > 0 {
		s.after = image.built
	}
	ingress, err := s.installIngressController()
	if err != nil {
		return err
	}
	hello, err := s.runService(image, ingress)
	if err != nil {
		return err
	}
	if err := s.installDashboard(ingress, hello.URL); err != nil {
		return err
	}
	if err := s.guard(hello.Namespace, pulumi.Provider(provider)); err != nil {
		return err
	}

	s.confirmNamespaces()
	s.claimNamespaces(image.reference)

	s.ctx.Export("url", hello.URL)
	s.ctx.Export("healthUrl", hello.URL.ApplyT(func(url string) string { return healthURL(s.cfg, url) }))
	s.ctx.Export("app", pulumi.String(app))
	s.ctx.Export("image", hello.Image)
	s.ctx.Export("replicas", hello.Replicas)
	s.ctx.Export("namespace", hello.Namespace)
	s.ctx.Export("serviceAddress", hello.ServiceAddress)
	s.ctx.Export("try", hello.Try)
	s.ctx.Export("context", pulumi.String(s.cfg.Context))
	return nil
}

// optional returns nil for a value that is not configured.
func optional(value string) pulumi.StringInput {
	if value == "" {
		return nil
	}
	return pulumi.String(value)
}

// secret passes a secret of the configuration to Pulumi as a secret.
func secret(value config.Secret) pulumi.StringOutput {
	return pulumi.ToSecret(pulumi.String(value)).(pulumi.StringOutput)
}

// texts returns the entries of a map in the configuration, as a secret if it is stored as one.
func (s *stack) texts(key string, entries map[string]string) pulumi.StringMapInput {
	if slices.Contains(s.cfg.Encrypted, key) {
		return pulumi.ToSecret(pulumi.ToStringMap(entries)).(pulumi.StringMapOutput)
	}
	return pulumi.ToStringMap(entries)
}
