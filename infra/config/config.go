// Package config reads the stack's configuration and checks all of it before the program declares anything.
//
// [Keys] is the table of all keys. A target (kind, cloud) is a set of defaults in that table and nothing else: the
// code that declares resources never asks which target it runs on.
package config

import (
	"cmp"
	"fmt"
	"strings"

	"example.com/hello-world/infra/kubeconfig"
)

// Config is the configuration, with the target's defaults filled in. A field is its zero value if its key is not set
// and has no default; [Keys] says what each means and accepts.
type Config struct {
	Target Target

	Replicas         int // how many Pods, or how many at least
	MaxReplicas      int // how many at most; 0 without autoscaling
	RolloutTimeout   int
	Image            string
	Hold             string
	HeldImages       map[string]string // of the held version's further servers, by name
	Registry         string
	RegistryUsername string
	RegistryPassword Secret
	PullUsername     string
	PullPassword     Secret
	Platform         string
	BuildArgs        map[string]string
	SigningKey       Secret // its PEM

	Context      string
	Kubeconfig   Secret
	ClusterStack StackOutput
	Namespace    string

	Port    int
	Service string

	Path               string
	StripPrefix        bool
	Host               string
	IngressController  string
	IngressClass       string
	Gateway            Gateway
	IngressAddress     string
	AddressTimeout     int
	IngressAnnotations map[string]string
	TLSSecret          string
	ClusterIssuer      string

	Dashboard bool

	Env             map[string]string
	SecretEnv       map[string]Secret
	ExistingSecrets map[string]string // what goes where: env, or a folder
	ServiceAccount  ServiceAccount
	Args            []string
	CPU             Amount
	Memory          Amount
	Scratch         string
	Volume          Volume
	Database        string
	RunAsUser       int
	HealthPath      string
	LivenessPath    string
	Migrate         Migration
	Workers         map[string]Worker
	Jobs            map[string]Job
	Verify          Question

	Egress          []Destination // nil: anywhere; empty: nowhere
	Monitoring      Monitoring
	DrainTime       int
	NamespaceLabels map[string]string

	Encrypted  []string          // the keys that are stored as secrets
	Developing bool              // `make dev` runs
	Contexts   kubeconfig.Config // the kubeconfig that has Context; do not print it
}

// Credentials are a name and a password. Without a name there are none.
type Credentials struct {
	Username string
	Password Secret
}

// Push returns the credentials to push the image with.
func (c Config) Push() Credentials { return Credentials{c.RegistryUsername, c.RegistryPassword} }

// Pull returns the credentials with which nodes pull the image: those of Push, unless others are set.
func (c Config) Pull() Credentials {
	if c.PullUsername != "" {
		return Credentials{c.PullUsername, c.PullPassword}
	}
	return c.Push()
}

// Warning returns what to tell the user about who may push, or "".
func (c Config) Warning() string {
	if forThisMachineOnly[c.Target] || c.Image != "" || c.RegistryUsername == "" || c.PullUsername != "" {
		return ""
	}
	return fmt.Sprintf("registryPassword: nodes pull with it, so whoever reads the Secrets of namespace %s can push to %s; "+
		"pullUsername and pullPassword give them a user of their own", c.Namespace, c.RegistryHost())
}

// RegistryHost returns the host, with its port if any, to push the image to and pull it from.
func (c Config) RegistryHost() string {
	host, _, _ := strings.Cut(cmp.Or(c.Image, c.Registry), "/")
	return host
}

// Target is the sort of cluster that the stack runs on.
type Target string

// The targets.
const (
	Kind  Target = "kind"  // a kind cluster on this machine
	Cloud Target = "cloud" // any other cluster
)

// forThisMachineOnly holds the targets that only this machine can reach. There, secrets may be encrypted with the
// empty passphrase, and tokens may go to an address of this machine without TLS.
var forThisMachineOnly = map[Target]bool{Kind: true}

// FixedNodes reports whether nothing adds nodes to the cluster when Pods need them.
func (c Config) FixedNodes() bool { return c.Target == Kind }

// InstallsIngressController reports whether the stack installs the controller behind IngressClass. It does not if
// IngressClass is another one, which another controller serves.
func (c Config) InstallsIngressController() bool {
	return c.IngressController == traefik && c.IngressClass == traefik
}

// traefik is the controller that a stack can bring along, and the class that it serves.
const traefik = "traefik"

// DashboardPath is the path prefix that the Ingress routes to the dashboard.
const DashboardPath = "/dashboard"

// Secret is a value that no format verb shows. Convert it to string only to pass it to a secret input.
type Secret string

// String hides the value.
func (Secret) String() string { return "[secret]" }

// GoString hides the value.
func (Secret) GoString() string { return "[secret]" }

// Load reads, checks and resolves the configuration that Pulumi passed to the program, and looks up the Kubernetes
// context in the kubeconfig files ($KUBECONFIG, or else ~/.kube/config) unless the kubeconfig comes from elsewhere.
// The error, if any, is [Mistakes].
func Load(source Source) (Config, error) {
	config, mistakes := read(source)
	elsewhere := config.Kubeconfig != "" || config.ClusterStack.Stack != ""
	if !elsewhere && config.Context != "" && !mistakes.concern("context", "kubeconfig", "clusterStack") {
		if err := config.readKubeconfig(source); err != nil {
			mistakes = append(mistakes, Mistake{"context", err.Error()})
		}
	}
	return config, mistakes.OrNil()
}

// Parse is the part of [Load] that depends on its argument alone: it reads no file and no variable.
func Parse(source Source) (Config, error) {
	config, mistakes := read(source)
	return config, mistakes.OrNil()
}
