// Package postgres is a PostgreSQL to develop against, as one Pulumi component: a single Pod with a volume, in a namespace of its
// own. Whoever deletes the namespace deletes the data.
package postgres

import (
	"crypto/rand"
	"fmt"

	appsv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apps/v1"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	networkingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/networking/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/internal/namespace"
	"example.com/hello-world/infra/internal/object"
)

// Image is the published name of the image.
const Image = "postgres:17.6"

// Port is where it listens.
const Port = 5432

// Namespace returns the namespace of the database of a service in that namespace.
func Namespace(service string) string { return service + "-database" }

// name names the objects, the database and its user.
const name = "postgres"

// user is the number that the image gives to its user.
const user = 999

var labels = pulumi.StringMap{"app.kubernetes.io/name": pulumi.String(name)}

// Args says what to run.
type Args struct {
	Image string             // required; [Image], by its digest if known
	State pulumi.StringInput // required; the id of the stack's state, for the namespace
	For   string             // required; the namespace of the service that may ask
}

// Database is the component.
type Database struct {
	pulumi.ResourceState

	URL pulumi.StringOutput `pulumi:"url"` // with the password, so a secret; known once it answers

	NamespaceUID pulumi.StringOutput // the cluster's id of the namespace; "" in a preview of its creation
}

// New declares the database. Its password is made up once, and kept in the stack's state as a secret.
func New(ctx *pulumi.Context, args *Args, opts ...pulumi.ResourceOption) (*Database, error) {
	database := &Database{}
	if err := ctx.RegisterComponentResource("hello-world:index:Postgres", name, database, opts...); err != nil {
		return nil, err
	}
	scope, err := namespace.NewScope(ctx, "database", namespace.Args{
		Component: database, Name: pulumi.String(Namespace(args.For)), State: args.State, Labels: labels,
	})
	if err != nil {
		return nil, err
	}
	p := parts{Scope: scope, ctx: ctx, args: args}
	if err := p.declare(database); err != nil {
		return nil, err
	}
	database.NamespaceUID = scope.UID
	return database, ctx.RegisterResourceOutputs(database, pulumi.Map{"url": database.URL})
}

type parts struct {
	*namespace.Scope
	ctx  *pulumi.Context
	args *Args
}

func (p *parts) declare(database *Database) error {
	kept, err := pulumi.NewStash(p.ctx, "password", &pulumi.StashArgs{
		Input: pulumi.ToSecret(pulumi.String(rand.Text())),
	}, pulumi.Parent(database), pulumi.IgnoreChanges([]string{"input"}))
	if err != nil {
		return err
	}
	password := pulumi.ToSecret(kept.Output.ApplyT(func(kept any) string { return fmt.Sprint(kept) })).(pulumi.StringOutput)
	secret, err := corev1.NewSecret(p.ctx, name, &corev1.SecretArgs{
		Metadata: p.Metadata(name, nil), StringData: pulumi.StringMap{"password": password},
	}, p.With()...)
	if err != nil {
		return err
	}
	if err := p.declareNetworkPolicy(); err != nil {
		return err
	}
	volume, err := corev1.NewPersistentVolumeClaim(p.ctx, name, &corev1.PersistentVolumeClaimArgs{
		Metadata: p.Metadata(name, pulumi.StringMap{"pulumi.com/skipAwait": pulumi.String("true")}), // it is bound once the Pod wants it
		Spec: &corev1.PersistentVolumeClaimSpecArgs{
			// One Pod, not one node: the successor of a deleted Pod would begin beside it, and the two would break the files.
			AccessModes: pulumi.StringArray{pulumi.String("ReadWriteOncePod")},
			Resources:   &corev1.VolumeResourceRequirementsArgs{Requests: pulumi.StringMap{"storage": pulumi.String("1Gi")}},
		},
	}, p.With()...)
	if err != nil {
		return err
	}
	deployment, err := appsv1.NewDeployment(p.ctx, name, &appsv1.DeploymentArgs{
		Metadata: p.Metadata(name, nil),
		Spec: &appsv1.DeploymentSpecArgs{
			Replicas: pulumi.Int(1),
			Selector: &metav1.LabelSelectorArgs{MatchLabels: labels},
			Strategy: &appsv1.DeploymentStrategyArgs{Type: pulumi.String("Recreate")}, // the claim is for one Pod
			Template: &corev1.PodTemplateSpecArgs{Metadata: &metav1.ObjectMetaArgs{Labels: labels}, Spec: p.podSpec(secret, volume)},
		},
	}, p.With()...)
	if err != nil {
		return err
	}
	service, err := corev1.NewService(p.ctx, name, &corev1.ServiceArgs{
		Metadata: p.Metadata(name, nil),
		Spec: &corev1.ServiceSpecArgs{
			Selector: labels, Ports: corev1.ServicePortArray{&corev1.ServicePortArgs{Port: pulumi.Int(Port), TargetPort: pulumi.String(name)}},
		},
	}, p.With(pulumi.DependsOn([]pulumi.Resource{deployment}))...)
	if err != nil {
		return err
	}
	// The network between Pods needs no TLS on a cluster to develop on.
	database.URL = pulumi.Sprintf("postgres://%s:%s@%s.%s.svc:%d/%s?sslmode=disable", name, password, service.Metadata.Name().Elem(), p.Namespace, Port, name)
	return nil
}

// declareNetworkPolicy lets the Pods of the service's namespace ask, and the database ask nobody.
func (p *parts) declareNetworkPolicy() error {
	_, err := networkingv1.NewNetworkPolicy(p.ctx, name, &networkingv1.NetworkPolicyArgs{
		Metadata: p.Metadata(name, nil),
		Spec: &networkingv1.NetworkPolicySpecArgs{
			PodSelector: &metav1.LabelSelectorArgs{MatchLabels: labels},
			PolicyTypes: pulumi.ToStringArray([]string{"Ingress", "Egress"}),
			Ingress: networkingv1.NetworkPolicyIngressRuleArray{&networkingv1.NetworkPolicyIngressRuleArgs{
				From: networkingv1.NetworkPolicyPeerArray{&networkingv1.NetworkPolicyPeerArgs{NamespaceSelector: &metav1.LabelSelectorArgs{
					MatchLabels: pulumi.StringMap{"kubernetes.io/metadata.name": pulumi.String(p.args.For)},
				}}},
				Ports: networkingv1.NetworkPolicyPortArray{&networkingv1.NetworkPolicyPortArgs{Protocol: pulumi.String("TCP"), Port: pulumi.String(name)}},
			}},
		},
	}, p.With()...)
	return err
}

func (p *parts) podSpec(secret *corev1.Secret, volume *corev1.PersistentVolumeClaim) *corev1.PodSpecArgs {
	context := object.NonRoot(user, user)
	context.FsGroup = pulumi.Int(user)
	const data = "/var/lib/postgresql/data"
	empty := func(name string) corev1.VolumeInput {
		return &corev1.VolumeArgs{Name: pulumi.String(name), EmptyDir: &corev1.EmptyDirVolumeSourceArgs{SizeLimit: pulumi.String("64Mi")}}
	}
	mount := func(name, path string) corev1.VolumeMountInput {
		return &corev1.VolumeMountArgs{Name: pulumi.String(name), MountPath: pulumi.String(path)}
	}
	return &corev1.PodSpecArgs{
		AutomountServiceAccountToken: pulumi.Bool(false),
		EnableServiceLinks:           pulumi.Bool(false),
		SecurityContext:              context,
		Containers: corev1.ContainerArray{&corev1.ContainerArgs{
			Name:  pulumi.String(name),
			Image: pulumi.String(p.args.Image),
			Ports: corev1.ContainerPortArray{&corev1.ContainerPortArgs{Name: pulumi.String(name), ContainerPort: pulumi.Int(Port)}},
			Env: corev1.EnvVarArray{
				&corev1.EnvVarArgs{Name: pulumi.String("PGDATA"), Value: pulumi.String(data + "/files")}, // a volume's root may have a lost+found
				&corev1.EnvVarArgs{Name: pulumi.String("POSTGRES_PASSWORD"), ValueFrom: &corev1.EnvVarSourceArgs{
					SecretKeyRef: &corev1.SecretKeySelectorArgs{Name: secret.Metadata.Name().Elem(), Key: pulumi.String("password")},
				}},
			},
			// Over TCP, because the image runs a server without a network while it makes the first files.
			ReadinessProbe: &corev1.ProbeArgs{
				Exec:          &corev1.ExecActionArgs{Command: pulumi.ToStringArray([]string{"pg_isready", "--host", "127.0.0.1", "--username", name})},
				PeriodSeconds: pulumi.Int(2), TimeoutSeconds: pulumi.Int(5),
			},
			TerminationMessagePolicy: pulumi.String("FallbackToLogsOnError"),
			Resources: object.Resources(object.Amount{Request: "50m", Limit: "2"}, object.Amount{Request: "64Mi", Limit: "512Mi"},
				object.Amount{Request: "16Mi", Limit: "1Gi"}),
			SecurityContext: object.Confined(),
			VolumeMounts:    corev1.VolumeMountArray{mount("data", data), mount("socket", "/var/run/postgresql"), mount("tmp", "/tmp")},
		}},
		Volumes: corev1.VolumeArray{
			&corev1.VolumeArgs{Name: pulumi.String("data"), PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSourceArgs{
				ClaimName: volume.Metadata.Name().Elem(),
			}},
			empty("socket"), empty("tmp"),
		},
	}
}
