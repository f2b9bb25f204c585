package main

import (
	"slices"
	"time"

	networkingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/networking/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/config"
	"example.com/hello-world/infra/traefik"
	"example.com/hello-world/infra/webservice"
)

// ingress is the way in.
type ingress struct {
	class pulumi.StringPtrInput               // nil: the cluster's default
	from  networkingv1.NetworkPolicyPeerArray // the controller's Pods; nil: not known
}

// ingressController installs the controller of the Ingress class, if the target starts without one.
func ingressController(
	ctx *pulumi.Context, cfg config.Config, state pulumi.StringInput, images pins, namespaces uids, opts ...pulumi.ResourceOption,
) (ingress, error) {
	if cfg.InstallsIngressController() {
		controller, err := traefik.New(ctx, images.of(traefik.Image), cfg.IngressClass, state, opts...)
		if err != nil {
			return ingress{}, err
		}
		namespaces[traefik.Namespace] = controller.NamespaceUID
		return ingress{controller.Class, networkingv1.NetworkPolicyPeerArray{traefik.Peer}}, nil
	}
	if cfg.IngressClass == "" {
		return ingress{}, nil
	}
	return ingress{class: pulumi.String(cfg.IngressClass)}, nil
}

// texts are the entries of a map in the configuration. What is stored as a secret stays one.
func texts(cfg config.Config, key string, entries map[string]string) pulumi.StringMapInput {
	if slices.Contains(cfg.Encrypted, key) {
		return pulumi.ToSecret(pulumi.ToStringMap(entries)).(pulumi.StringMapOutput)
	}
	return pulumi.ToStringMap(entries)
}

// optional is nil for a value that is not configured.
func optional(value string) pulumi.StringInput {
	if value == "" {
		return nil
	}
	return pulumi.String(value)
}

// secrets are those of the configuration as inputs.
func secrets(configured map[string]config.Secret) map[string]pulumi.StringInput {
	inputs := map[string]pulumi.StringInput{}
	for name, value := range configured {
		inputs[name] = secret(value)
	}
	return inputs
}

// destinations are those of the configuration as the component takes them: nil stays nil.
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

// helloService turns the configuration into the component's arguments.
func helloService(
	ctx *pulumi.Context, cfg config.Config, state pulumi.StringInput, image image, in ingress,
	opts ...pulumi.ResourceOption,
) (*webservice.WebService, error) {
	args := &webservice.Args{
		Namespace:          pulumi.String(cfg.Namespace),
		State:              state,
		Image:              image.reference,
		After:              image.built,
		Replicas:           cfg.Replicas,
		RolloutTimeout:     time.Duration(cfg.RolloutTimeout) * time.Second,
		MaxReplicas:        cfg.MaxReplicas,
		CPUTarget:          cfg.CPUTarget,
		Port:               cfg.Port,
		ServiceType:        cfg.Service,
		Path:               pulumi.String(cfg.Path),
		Host:               optional(cfg.Host),
		IngressClass:       in.class,
		IngressFrom:        in.from,
		IngressAnnotations: texts(cfg, "ingressAnnotations", cfg.IngressAnnotations),
		IngressAddress:     optional(cfg.IngressAddress),
		AddressTimeout:     time.Duration(cfg.AddressTimeout) * time.Second,
		TLSSecret:          optional(cfg.TLSSecret),
		ClusterIssuer:      optional(cfg.ClusterIssuer),
		Env:                cfg.Env,
		SecretEnv:          secrets(cfg.SecretEnv),
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
	return webservice.New(ctx, "hello", args, opts...)
}
