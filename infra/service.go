package main

import (
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/config"
	"example.com/hello-world/infra/traefik"
	"example.com/hello-world/infra/webservice"
)

// secrets returns secrets of the configuration as inputs.
func secrets(configured map[string]config.Secret) map[string]pulumi.StringInput {
	inputs := map[string]pulumi.StringInput{}
	for name, value := range configured {
		inputs[name] = secret(value)
	}
	return inputs
}

// destinations converts the configuration's destinations to the component's: nil stays nil.
func destinations(configured []config.Destination) []webservice.Destination {
	if configured == nil {
		return nil
	}
	list := make([]webservice.Destination, len(configured))
	for i, destination := range configured {
		list[i] = webservice.Destination(destination)
	}
	return list
}

// app is what the service is called: its Deployment, and the label app of its Pods. Its namespace is made for it.
const app = "hello"

// runService turns the configuration into the component's arguments.
func (s *stack) runService(image image, in ingress) (*webservice.WebService, error) {
	cfg := s.cfg
	rollout, err := s.aroundRollout(app)
	if err != nil {
		return nil, err
	}
	routed, err := s.afterRouting(app)
	if err != nil {
		return nil, err
	}
	args := &webservice.Args{
		Namespace:          pulumi.String(cfg.Namespace),
		Given:              s.given,
		State:              s.state,
		Image:              image.reference,
		Platform:           image.platform,
		After:              image.built,
		Replicas:           cfg.Replicas,
		Rollout:            rollout,
		Tried:              cfg.Verify.Path != "",
		AwaitRollout:       s.awaitRollout,
		Routed:             routed,
		RolloutTimeout:     time.Duration(cfg.RolloutTimeout) * time.Second,
		MaxReplicas:        cfg.MaxReplicas,
		CPUTarget:          cfg.CPUTarget,
		Port:               cfg.Port,
		ServiceType:        cfg.Service,
		Path:               pulumi.String(cfg.Path),
		Host:               optional(cfg.Host),
		IngressClass:       in.class,
		IngressFrom:        in.from,
		BehindTraefik:      cfg.IngressClass == traefik.ClusterWide, // as its Helm chart calls it too
		IngressAnnotations: s.texts("ingressAnnotations", cfg.IngressAnnotations),
		IngressAddress:     optional(cfg.IngressAddress),
		AddressTimeout:     time.Duration(cfg.AddressTimeout) * time.Second,
		TLSSecret:          optional(cfg.TLSSecret),
		ClusterIssuer:      optional(cfg.ClusterIssuer),
		Env:                cfg.Env,
		SecretEnv:          secrets(cfg.SecretEnv),
		ExistingSecrets:    cfg.ExistingSecrets,
		ServiceAccount:     webservice.ServiceAccount(cfg.ServiceAccount),
		Arguments:          cfg.Args,
		CPU:                webservice.Amount(cfg.CPU),
		Memory:             webservice.Amount(cfg.Memory),
		Scratch:            cfg.Scratch,
		User:               cfg.RunAsUser,
		HealthPath:         cfg.HealthPath,
		LivenessPath:       cfg.LivenessPath,
		Egress:             destinations(cfg.Egress),
		MetricsFrom:        optional(cfg.MetricsFrom),
		DrainTime:          time.Duration(cfg.DrainTime) * time.Second,
		NamespaceLabels:    pulumi.ToStringMap(cfg.NamespaceLabels),
	}
	if pull := cfg.Pull(); pull.Username != "" {
		args.PullCredentials = &webservice.Credentials{
			Registry: pulumi.String(registryHost(cfg)),
			Username: pulumi.String(pull.Username),
			Password: secret(pull.Password),
		}
	}
	hello, err := webservice.New(s.ctx, app, args, s.provider)
	if err == nil && !s.given {
		s.namespaces[cfg.Namespace] = hello.NamespaceUID
	}
	return hello, err
}
