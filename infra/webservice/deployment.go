package webservice

import (
	"strconv"
	"time"

	appsv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apps/v1"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const (
	// usualDrainTime is enough for Kubernetes itself, which, while much changes on a busy cluster, may need four attempts to
	// write the endpoints, with pauses of one, two and four seconds ("informer cache is out of date"); then an Ingress
	// controller has to apply the change.
	usualDrainTime = 10 * time.Second

	// shutdownTimeout is how long, after that, the requests still in flight may take.
	shutdownTimeout = 10 * time.Second

	// patience is how long `pulumi up` waits for the objects it changed, before it reports that they are broken, unless
	// the arguments say otherwise.
	patience = 60 * time.Second

	// user is the one that base images call nonroot. It has to be a number here: a name in an image does not prove to
	// the kubelet that the user is not root.
	user = 65532
)

// adminPort is where the server answers probes and serves metrics: a port that neither the Service nor the Ingress
// leads to.
func (p *parts) adminPort() int {
	const usual = 9090
	if p.args.Port == usual {
		return usual + 1
	}
	return usual
}

func (p *parts) declareDeployment(pullSecrets corev1.LocalObjectReferenceArray) (*appsv1.Deployment, error) {
	return appsv1.NewDeployment(p.ctx, p.name, &appsv1.DeploymentArgs{
		Metadata: p.metadata(p.name, pulumi.StringMap{
			replicasAnnotation: pulumi.String(p.whoCounts()),
		}),
		Spec: &appsv1.DeploymentSpecArgs{
			Replicas: pulumi.Int(p.args.Replicas),
			Selector: &metav1.LabelSelectorArgs{MatchLabels: p.labels},
			Strategy: &appsv1.DeploymentStrategyArgs{
				Type: pulumi.String("RollingUpdate"),
				RollingUpdate: &appsv1.RollingUpdateDeploymentArgs{
					// No Pod goes before its successor is ready. All successors start at once, since a rollout in waves
					// takes as many start-ups as waves; the server is small enough to run twice for a moment.
					MaxUnavailable: pulumi.Int(0),
					MaxSurge:       pulumi.String("100%"),
				},
			},
			// No ReplicaSet is kept for `kubectl rollout undo`: the way back is to declare the last version again, and
			// then the kubernetes plugin would take the kept one, in which all of its no Pods are ready, for the end of
			// the rollout that is about to begin.
			RevisionHistoryLimit: pulumi.Int(0),
			// Kubernetes' own verdict comes shortly before `pulumi up` gives up, so that it can be reported.
			ProgressDeadlineSeconds: pulumi.Int(int(p.rolloutTimeout().Seconds()) * 5 / 6),
			Template: &corev1.PodTemplateSpecArgs{
				Metadata: &metav1.ObjectMetaArgs{Labels: p.labels, Annotations: p.scraped()},
				Spec:     p.podSpec(pullSecrets),
			},
		},
	}, p.with(p.countedByAutoscaler(), timeouts(p.rolloutTimeout()+startUps(p.args.mostReplicas())))...)
}

// rolloutTimeout is how long new Pods may take to get ready.
func (p *parts) rolloutTimeout() time.Duration {
	if p.args.RolloutTimeout == 0 {
		return patience
	}
	return p.args.RolloutTimeout
}

// drainTime is how long a Pod that is told to stop goes on serving.
func (p *parts) drainTime() time.Duration {
	if p.args.DrainTime == 0 {
		return usualDrainTime
	}
	return p.args.DrainTime
}

// terminationGrace is when the kubelet kills: never before the server has had its time.
func (p *parts) terminationGrace() time.Duration {
	return p.drainTime() + shutdownTimeout + 5*time.Second
}

// startUps is a second for each Pod: a node starts them one after the other.
func startUps(pods int) time.Duration { return time.Duration(pods) * time.Second }

func timeouts(limit time.Duration) pulumi.ResourceOption {
	seconds := strconv.Itoa(int(limit.Seconds())) + "s"
	return pulumi.Timeouts(&pulumi.CustomTimeouts{Create: seconds, Update: seconds})
}

// scraped tells Prometheus where the metrics are, by the annotations that its usual configuration goes by.
func (p *parts) scraped() pulumi.StringMapInput {
	if p.args.MetricsFrom == nil {
		return nil
	}
	return pulumi.StringMap{
		"prometheus.io/scrape": pulumi.String("true"),
		"prometheus.io/port":   pulumi.String(strconv.Itoa(p.adminPort())),
		"prometheus.io/path":   pulumi.String("/metrics"),
	}
}

func (p *parts) podSpec(pullSecrets corev1.LocalObjectReferenceArray) *corev1.PodSpecArgs {
	return &corev1.PodSpecArgs{
		AutomountServiceAccountToken:  pulumi.Bool(false), // the server does not talk to Kubernetes
		EnableServiceLinks:            pulumi.Bool(false), // nor does it look for Services in its environment
		ImagePullSecrets:              pullSecrets,
		TerminationGracePeriodSeconds: pulumi.Int(int(p.terminationGrace().Seconds())),
		SecurityContext:               p.podSecurityContext(),
		TopologySpreadConstraints: corev1.TopologySpreadConstraintArray{
			&corev1.TopologySpreadConstraintArgs{
				// Spread over the nodes, but rather run unevenly than not at all.
				MaxSkew:           pulumi.Int(1),
				TopologyKey:       pulumi.String("kubernetes.io/hostname"),
				WhenUnsatisfiable: pulumi.String("ScheduleAnyway"),
				LabelSelector:     &metav1.LabelSelectorArgs{MatchLabels: p.labels},
				// Count the Pods of one version only: those of the last one are about to go.
				MatchLabelKeys: pulumi.StringArray{pulumi.String("pod-template-hash")},
			},
		},
		// A node that is lost is given up after ten seconds rather than five minutes: no Pod here has anything to lose.
		Tolerations: corev1.TolerationArray{leaveAfter10s("not-ready"), leaveAfter10s("unreachable")},
		Containers:  corev1.ContainerArray{p.container()},
	}
}

func leaveAfter10s(condition string) corev1.TolerationInput {
	return &corev1.TolerationArgs{
		Key:               pulumi.String("node.kubernetes.io/" + condition),
		Operator:          pulumi.String("Exists"),
		Effect:            pulumi.String("NoExecute"),
		TolerationSeconds: pulumi.Int(10),
	}
}

func (p *parts) container() *corev1.ContainerArgs {
	return &corev1.ContainerArgs{
		Name:  pulumi.String(p.name),
		Image: p.args.Image.ToStringOutput(),
		// A digest never changes what is pulled. What Always adds is that every Pod has to be allowed to pull.
		ImagePullPolicy: pulumi.String("Always"),
		// The last lines that a server logged before it failed are what `pulumi up` says of it.
		TerminationMessagePolicy: pulumi.String("FallbackToLogsOnError"),
		Ports: corev1.ContainerPortArray{
			&corev1.ContainerPortArgs{Name: pulumi.String("http"), ContainerPort: pulumi.Int(p.args.Port)},
			&corev1.ContainerPortArgs{Name: pulumi.String("admin"), ContainerPort: pulumi.Int(p.adminPort())},
		},
		Env: corev1.EnvVarArray{
			variable("PORT", pulumi.Sprintf("%d", p.args.Port)),
			variable("ADMIN_PORT", pulumi.Sprintf("%d", p.adminPort())),
			variable("BASE_PATH", p.args.Path),
			variable("DRAIN_DELAY", pulumi.String(p.drainTime().String())),
			variable("SHUTDOWN_TIMEOUT", pulumi.String(shutdownTimeout.String())),
			podField("POD_NAME", "metadata.name"),
			podField("NODE_NAME", "spec.nodeName"),
			podField("POD_IP", "status.podIP"),
		},
		// No start-up probe: the kubelet would ask for the first time at the next full second after it heard of the Pod,
		// while it asks for readiness as soon as the container runs. What a start-up probe is for is looked after all the
		// same: a server gets ready only once it has answered a request (see the package's contract), and is not
		// restarted as dead while it may still be starting.
		ReadinessProbe: probe("/readyz", 1, 3),
		LivenessProbe:  onceStarted(probe("/healthz", 5, 3)),
		Resources: &corev1.ResourceRequirementsArgs{
			Requests: pulumi.StringMap{
				"cpu":               pulumi.String("25m"),
				"memory":            pulumi.String("32Mi"),
				"ephemeral-storage": pulumi.String("16Mi"),
			},
			Limits: pulumi.StringMap{
				"cpu":               pulumi.String("1"),
				"memory":            pulumi.String("128Mi"),
				"ephemeral-storage": pulumi.String("64Mi"), // logs; the server writes nothing else
			},
		},
		SecurityContext: &corev1.SecurityContextArgs{
			AllowPrivilegeEscalation: pulumi.Bool(false),
			ReadOnlyRootFilesystem:   pulumi.Bool(true),
			Capabilities:             &corev1.CapabilitiesArgs{Drop: pulumi.StringArray{pulumi.String("ALL")}},
		},
	}
}

func (p *parts) podSecurityContext() *corev1.PodSecurityContextArgs {
	context := &corev1.PodSecurityContextArgs{
		RunAsNonRoot:   pulumi.Bool(true),
		RunAsUser:      pulumi.Int(user),
		RunAsGroup:     pulumi.Int(user),
		SeccompProfile: &corev1.SeccompProfileArgs{Type: pulumi.String("RuntimeDefault")},
	}
	if p.args.Port < 1024 {
		// Not every container runtime lets a user without capabilities listen there.
		context.Sysctls = corev1.SysctlArray{&corev1.SysctlArgs{
			Name: pulumi.String("net.ipv4.ip_unprivileged_port_start"), Value: pulumi.String("0"),
		}}
	}
	return context
}

func variable(name string, value pulumi.StringInput) corev1.EnvVarInput {
	return &corev1.EnvVarArgs{Name: pulumi.String(name), Value: value.ToStringOutput()}
}

// podField tells the server about its Pod through the downward API.
func podField(name, path string) corev1.EnvVarInput {
	return &corev1.EnvVarArgs{Name: pulumi.String(name), ValueFrom: &corev1.EnvVarSourceArgs{
		FieldRef: &corev1.ObjectFieldSelectorArgs{FieldPath: pulumi.String(path)},
	}}
}

// probe asks the admin port every so many seconds, and gives up after that many failures in a row.
func probe(path string, period, failures int) *corev1.ProbeArgs {
	return &corev1.ProbeArgs{
		HttpGet:          &corev1.HTTPGetActionArgs{Path: pulumi.String(path), Port: pulumi.String("admin")},
		PeriodSeconds:    pulumi.Int(period),
		TimeoutSeconds:   pulumi.Int(1),
		FailureThreshold: pulumi.Int(failures),
	}
}

// onceStarted has a probe begin when a server must have started, however busy its node is.
func onceStarted(probe *corev1.ProbeArgs) *corev1.ProbeArgs {
	probe.InitialDelaySeconds = pulumi.Int(30)
	return probe
}
