package object

import (
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Probe asks a path of a named port every period seconds for 2xx or 3xx within timeout seconds, and gives up after so many
// failures in a row.
func Probe(port, path string, period, timeout, failures int) *corev1.ProbeArgs {
	return &corev1.ProbeArgs{
		HttpGet:          &corev1.HTTPGetActionArgs{Path: pulumi.String(path), Port: pulumi.String(port)},
		PeriodSeconds:    pulumi.Int(period),
		TimeoutSeconds:   pulumi.Int(timeout),
		FailureThreshold: pulumi.Int(failures),
	}
}

// Confined is the security context of a container that needs no rights and writes nothing but its volumes.
func Confined() *corev1.SecurityContextArgs {
	return &corev1.SecurityContextArgs{
		AllowPrivilegeEscalation: pulumi.Bool(false),
		ReadOnlyRootFilesystem:   pulumi.Bool(true),
		Capabilities:             &corev1.CapabilitiesArgs{Drop: pulumi.StringArray{pulumi.String("ALL")}},
	}
}

// NonRoot is the security context of a Pod whose containers run as that user and group.
func NonRoot(user, group int) *corev1.PodSecurityContextArgs {
	return &corev1.PodSecurityContextArgs{
		RunAsNonRoot:   pulumi.Bool(true),
		RunAsUser:      pulumi.Int(user),
		RunAsGroup:     pulumi.Int(group),
		SeccompProfile: &corev1.SeccompProfileArgs{Type: pulumi.String("RuntimeDefault")},
	}
}

// Amount is how much of a resource a container requests, and how much it may use, as Kubernetes quantities.
type Amount struct{ Request, Limit string }

// Resources are what a container requests and may use.
func Resources(cpu, memory, storage Amount) *corev1.ResourceRequirementsArgs {
	requests, limits := pulumi.StringMap{}, pulumi.StringMap{}
	for name, of := range map[string]Amount{"cpu": cpu, "memory": memory, "ephemeral-storage": storage} {
		requests[name], limits[name] = pulumi.String(of.Request), pulumi.String(of.Limit)
	}
	return &corev1.ResourceRequirementsArgs{Requests: requests, Limits: limits}
}
