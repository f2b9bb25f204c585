package webservice

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/apimachinery/pkg/api/resource"

	"example.com/hello-world/infra/internal/object"
)

// container runs the image's command.
func (p *parts) container(mounts corev1.VolumeMountArray) *corev1.ContainerArgs {
	container := &corev1.ContainerArgs{
		Name:  pulumi.String(p.name),
		Image: p.args.Image.ToStringOutput(),
		Args:  p.arguments(),
		// A digest always pulls the same image. With Always, each Pod also needs the right to pull it.
		ImagePullPolicy: pulumi.String("Always"),
		// If the server fails, `pulumi up` shows the last lines of its log.
		TerminationMessagePolicy: pulumi.String("FallbackToLogsOnError"),
		Env:                      p.variables(),
		EnvFrom:                  p.variablesFrom(),
		VolumeMounts:             mounts,
		Resources:                p.resources(),
		SecurityContext:          object.Confined(),
	}
	if p.worker != nil {
		container.LivenessProbe = p.worker.probe()
		return container
	}
	container.Ports = corev1.ContainerPortArray{
		&corev1.ContainerPortArgs{Name: pulumi.String("http"), ContainerPort: pulumi.Int(p.args.Port)},
	}
	if p.args.HealthPath == "" {
		p.followContract(container)
	} else {
		p.probeServingPort(container)
	}
	if metrics, number := p.metricsPort(); metrics == ofMetrics {
		container.Ports = append(container.Ports.(corev1.ContainerPortArray),
			&corev1.ContainerPortArgs{Name: pulumi.String(metrics), ContainerPort: pulumi.Int(number)})
	}
	return container
}

// followContract declares the probes of a server that has an admin port and drains by itself.
//
// One that starts in the usual time has no start-up probe: the kubelet would first ask at the next full second after it heard of the
// Pod, but it asks for readiness as soon as the container runs. A server gets ready only after it has answered a request (see the
// package's contract), and the liveness probe waits until it must have started. One that may take longer would go unwatched for as
// long, so there the second is worth it: ten Pods of each sort, in turns on a busy machine, got ready 3.6 s after their creation
// instead of 2.3 s (medians).
func (p *parts) followContract(container *corev1.ContainerArgs) {
	container.Ports = append(container.Ports.(corev1.ContainerPortArray),
		&corev1.ContainerPortArgs{Name: pulumi.String("admin"), ContainerPort: pulumi.Int(p.adminPort())})
	container.ReadinessProbe = object.Probe("admin", "/readyz", 1, 1, 3)
	liveness := object.Probe("admin", "/healthz", 5, 1, 3)
	if p.args.RolloutTimeout > usualTimeout {
		container.StartupProbe = object.Probe("admin", "/healthz", 1, 5, int(p.args.RolloutTimeout.Seconds()))
		liveness = object.Probe("admin", "/healthz", 10, 5, 3) // the machine may be slow, too
	} else {
		liveness.InitialDelaySeconds = pulumi.Int(30)
	}
	container.LivenessProbe = liveness
}

// probeServingPort declares the probes of any other server. The kubelet waits until the server has started, and before it tells
// the server to stop, so that requests on their way still reach it.
func (p *parts) probeServingPort(container *corev1.ContainerArgs) {
	container.StartupProbe = object.Probe("http", p.args.HealthPath, 1, 5, int(p.args.RolloutTimeout.Seconds()))
	container.ReadinessProbe = object.Probe("http", p.args.HealthPath, 1, 5, 2)
	container.LivenessProbe = object.Probe("http", p.args.LivenessPath, 5, 5, 3)
	if p.args.LivenessPath == "" {
		// A health page may fail with a database, which no restart brings back. Only a long failure is the server's own.
		container.LivenessProbe = object.Probe("http", p.args.HealthPath, 10, 5, 18)
	}
	container.Lifecycle = &corev1.LifecycleArgs{PreStop: &corev1.LifecycleHandlerArgs{
		Sleep: &corev1.SleepActionArgs{Seconds: pulumi.Int(int(p.args.DrainTime.Seconds()))},
	}}
}

// adminPort returns the port on which a server that knows the contract answers probes and serves metrics. Neither the
// Service nor the Ingress leads there.
func (p *parts) adminPort() int {
	const usual = 9090
	if p.args.Port == usual {
		return usual + 1
	}
	return usual
}

// variables returns the server's environment.
func (p *parts) variables() corev1.EnvVarArray {
	followsContract := p.args.HealthPath == ""
	all := corev1.EnvVarArray{variable("PORT", pulumi.Sprintf("%d", p.args.Port))}
	if followsContract {
		all = append(all, variable("ADMIN_PORT", pulumi.Sprintf("%d", p.adminPort())))
	}
	all = append(all, variable("BASE_PATH", p.basePath()))
	if followsContract {
		all = append(all,
			variable("DRAIN_DELAY", pulumi.String(p.args.DrainTime.String())),
			variable("SHUTDOWN_TIMEOUT", pulumi.String(shutdownTimeout.String())))
	}
	all = append(all,
		podField("POD_NAME", "metadata.name"),
		podField("NODE_NAME", "spec.nodeName"),
		podField("POD_IP", "status.podIP"))
	for _, name := range slices.Sorted(maps.Keys(p.args.Env)) {
		all = append(all, variable(name, asWritten(p.args.Env[name])))
	}
	for _, name := range slices.Sorted(maps.Keys(p.args.SecretEnv)) {
		all = append(all, &corev1.EnvVarArgs{Name: pulumi.String(name), ValueFrom: &corev1.EnvVarSourceArgs{
			SecretKeyRef: &corev1.SecretKeySelectorArgs{Name: p.secrets.Metadata.Name().Elem(), Key: pulumi.String(name)},
		}})
	}
	if p.args.Env["GOMEMLIMIT"] == nil && p.args.SecretEnv["GOMEMLIMIT"] == nil {
		all = append(all, variable("GOMEMLIMIT", pulumi.String(p.goMemory())))
	}
	return all
}

// path is where clients ask. Without a way in that is anywhere.
func (p *parts) path() pulumi.StringInput {
	if p.args.internal() {
		return pulumi.String("/")
	}
	return p.args.Path
}

// basePath is where the server is asked.
func (p *parts) basePath() pulumi.StringInput {
	if p.args.StripPrefix {
		return pulumi.String("/")
	}
	return p.path()
}

func variable(name string, value pulumi.StringInput) corev1.EnvVarInput {
	return &corev1.EnvVarArgs{Name: pulumi.String(name), Value: value.ToStringOutput()}
}

// asWritten keeps Kubernetes from replacing $(NAME) and $$ in a variable or an argument.
func asWritten(value pulumi.StringInput) pulumi.StringOutput {
	return value.ToStringOutput().ApplyT(func(text string) string { return strings.ReplaceAll(text, "$", "$$") }).(pulumi.StringOutput)
}

func (p *parts) arguments() pulumi.StringArray {
	var all pulumi.StringArray
	for _, argument := range p.args.Arguments {
		all = append(all, asWritten(argument))
	}
	return all
}

// goMemory makes Go's runtime collect garbage before the kernel ends the Pod for want of memory. A sixth is left for what is
// not on Go's heap.
func (p *parts) goMemory() string {
	limit := resource.MustParse(p.args.Memory.Limit)
	return fmt.Sprintf("%dKiB", limit.Value()/1024*5/6)
}

// podField tells the server about its Pod through the downward API.
func podField(name, path string) corev1.EnvVarInput {
	return &corev1.EnvVarArgs{Name: pulumi.String(name), ValueFrom: &corev1.EnvVarSourceArgs{
		FieldRef: &corev1.ObjectFieldSelectorArgs{FieldPath: pulumi.String(path)},
	}}
}

// Amount is how much of a resource a Pod requests, and how much it may use, as Kubernetes quantities.
type Amount = object.Amount

func (p *parts) resources() *corev1.ResourceRequirementsArgs {
	storage := resource.MustParse("1Gi") // logs, of which a node may keep hundreds of megabytes until it rotates them
	if p.args.Scratch != "" {
		storage.Add(resource.MustParse(p.args.Scratch))
	}
	return object.Resources(p.args.CPU, p.args.Memory, Amount{Request: "16Mi", Limit: storage.String()})
}

// shutdownTimeout is how long requests in flight may take after the drain.
const shutdownTimeout = 10 * time.Second
