package main

import (
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/webservice"
)

// app is what the service is called: its Deployment, and the label app of its Pods.
const app = "hello"

// runService turns the configuration into the component's arguments.
func (s *stack) runService(image image, in wayIn) (*webservice.WebService, error) {
	cfg := s.Config
	moved, err := s.moved(app)
	if err != nil {
		return nil, err
	}
	args := &webservice.Args{
		Namespace:          pulumi.String(cfg.Namespace),
		Given:              s.Given,
		State:              s.State,
		Image:              image.reference,
		Platform:           image.platform,
		After:              image.built,
		Replicas:           cfg.Replicas,
		Rollout:            s.aroundRollout,
		Workers:            workers(cfg.Workers),
		Jobs:               jobs(cfg.Jobs),
		Migration:          strings.Join(cfg.Migrate.Args, "\x00"),
		AwaitRollout:       s.awaitRollout,
		IngressHooks:       moved,
		RolloutTimeout:     time.Duration(cfg.RolloutTimeout) * time.Second,
		MaxReplicas:        cfg.MaxReplicas,
		Port:               cfg.Port,
		ServiceType:        cfg.Service,
		Path:               pulumi.String(cfg.Path),
		StripPrefix:        cfg.StripPrefix && cfg.Path != "/", // there is nothing to strip
		Host:               optional(cfg.Host),
		IngressClass:       in.class,
		IngressFrom:        in.from,
		Gateway:            in.gateway,
		BehindTraefik:      s.behindTraefik(),
		IngressAnnotations: texts(cfg, "ingressAnnotations", cfg.IngressAnnotations),
		IngressAddress:     optional(cfg.IngressAddress),
		AddressTimeout:     time.Duration(cfg.AddressTimeout) * time.Second,
		TLSSecret:          optional(cfg.TLSSecret),
		ClusterIssuer:      optional(cfg.ClusterIssuer),
		Env:                pulumi.ToStringMap(cfg.Env),
		SecretEnv:          secrets(cfg.SecretEnv),
		ExistingSecrets:    existingSecrets(cfg.ExistingSecrets),
		ServiceAccount:     serviceAccount(cfg.ServiceAccount),
		Arguments:          pulumi.ToStringArray(cfg.Args),
		CPU:                webservice.Amount(cfg.CPU),
		Memory:             webservice.Amount(cfg.Memory),
		Scratch:            cfg.Scratch,
		Volume:             webservice.Volume{Folder: cfg.Volume.Path, Size: cfg.Volume.Size},
		User:               cfg.RunAsUser,
		HealthPath:         cfg.HealthPath,
		LivenessPath:       cfg.LivenessPath,
		Egress:             destinations(cfg.Egress),
		Metrics:            metrics(cfg.Monitoring),
		DrainTime:          time.Duration(cfg.DrainTime) * time.Second,
		NamespaceLabels:    pulumi.ToStringMap(cfg.NamespaceLabels),
	}
	if pull := cfg.Pull(); pull.Username != "" {
		args.PullCredentials = &webservice.Credentials{
			Registry: pulumi.String(cfg.RegistryHost()),
			Username: pulumi.String(pull.Username),
			Password: secret(pull.Password),
		}
	}
	if err := s.runDatabase(args); err != nil {
		return nil, err
	}
	hello, err := webservice.New(s.ctx, app, args, s.provider)
	if err == nil && !s.Given {
		s.namespaces[cfg.Namespace] = hello.NamespaceUID
	}
	return hello, err
}
