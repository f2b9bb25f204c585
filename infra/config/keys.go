package config

import "runtime"

// Key describes one configuration key.
type Key struct {
	Name    string
	Meaning string
	Default map[Target]string // as written in the configuration; a target without one leaves the key unset
	Shown   map[Target]string // how the documentation writes a default that depends on the machine
	Secrecy Secrecy
	// OfVersion marks what a version of the server runs with, beside its image: a rollback brings it back.
	OfVersion bool
	value     value[Config]
}

// Secrecy says whether the value may be stored as a secret, which it then stays in the stack's state.
type Secrecy int

const (
	Never  Secrecy = iota // it shows in the cluster, in addresses or in messages
	Maybe                 // as the user likes
	Always                // it must be, and is never shown
)

// Accepts says which values are accepted, as a phrase that follows "it must be".
func (k Key) Accepts() string { return k.value.accepts }

// Group is the keys for one purpose.
type Group struct {
	Title string // a heading
	Keys  []Key
}

// Groups are all keys, by what people want to do. `pulumi config set NAME VALUE` sets a key, `--secret` a secret one, and
// `--path 'NAME["entry"]'` an entry of a map.
var Groups = []Group{
	{Title: "The server", Keys: []Key{
		{
			Name: "port", OfVersion: true, Default: both("8080"),
			Meaning: "what the server listens on and the Service exposes",
			value:   wholeNumber(func(c *Config) *int { return &c.Port }, 1, 65535),
		},
		{
			Name: "args", OfVersion: true,
			Meaning: "arguments of the server's command",
			value:   listOf(func(c *Config) *[]string { return &c.Args }, text),
		},
		{
			Name: "env", OfVersion: true,
			Meaning: "environment variables of the server",
			value:   mapOf(func(c *Config) *map[string]string { return &c.Env }, variableName, text),
		},
		{
			Name: "secretEnv", OfVersion: true, Secrecy: Always,
			Meaning: "secret environment variables, such as DATABASE_URL; the cluster keeps them in a Secret",
			value:   mapOf(func(c *Config) *map[string]Secret { return &c.SecretEnv }, variableName, text),
		},
		{
			Name: "existingSecrets", OfVersion: true,
			Meaning: "Secrets that are in the namespace already, and where their entries go: into environment variables, or into files of a folder",
			value:   mapOf(func(c *Config) *map[string]string { return &c.ExistingSecrets }, secretName, envOrFolder),
		},
		{
			Name: "serviceAccount", OfVersion: true,
			Meaning: "who the Pods are to the cloud: a ServiceAccount that is in the namespace already, or the annotations of one that the stack creates; unset means nobody",
			value:   account(func(c *Config) *ServiceAccount { return &c.ServiceAccount }),
		},
		{
			Name: "cpu", OfVersion: true, Default: both("25m/1"),
			Meaning: "how much CPU a Pod requests, and how much it may use",
			value:   amount(func(c *Config) *Amount { return &c.CPU }, cores, "100m/2"),
		},
		{
			Name: "memory", OfVersion: true, Default: both("32Mi/128Mi"),
			Meaning: "how much memory a Pod requests, and how much it may use; above 256Mi, a rollout replaces a quarter of the Pods at a time",
			value:   amount(func(c *Config) *Amount { return &c.Memory }, bytes, "512Mi/1Gi"),
		},
		{
			Name: "scratch", OfVersion: true,
			Meaning: "the size of a writable /tmp; unset means that nothing is writable",
			value:   quantity(func(c *Config) *string { return &c.Scratch }),
		},
		{
			Name:    "volume",
			Meaning: "files that stay, for one replica: the folder, and the size of its volume, which `pulumi destroy` refuses to delete; rollouts pause until the old Pod is gone",
			value:   objectOf(func(c *Config) *Volume { return &c.Volume }, volumeFields),
		},
		{
			Name:    "database",
			Meaning: "a PostgreSQL to develop against, whose address the server gets in DATABASE_URL; `make db` opens psql, and `make down` deletes its data",
			value:   matching(func(c *Config) *string { return &c.Database }, form{"postgres", func(text string) bool { return text == "postgres" }}),
		},
		{
			Name: "runAsUser", OfVersion: true, Default: both("65532"),
			Meaning: "the number of the user who runs the server",
			value:   wholeNumber(func(c *Config) *int { return &c.RunAsUser }, 1, 65535),
		},
		{
			Name: "healthPath", OfVersion: true,
			Meaning: "the path on port that answers 2xx or 3xx when the server can serve, for servers without an admin port or a drain of their own; a second one fails when only a restart helps, and without it the first one does, for three minutes",
			value:   health(),
		},
		{
			Name: "drainTime", Default: both("10"),
			Meaning: "how many seconds a Pod keeps serving after it is told to stop: more than a load balancer takes to stop sending to it",
			value:   wholeNumber(func(c *Config) *int { return &c.DrainTime }, 1, 300),
		},
	}},
	{Title: "Scale and rollouts", Keys: []Key{
		{
			Name: "replicas", Default: map[Target]string{Kind: "1", Cloud: "2"},
			Meaning: "how many Pods serve; within a range, their number follows the CPU use, to 70 % of what cpu requests, which needs metrics-server or the like in the cluster",
			value:   scale(),
		},
		{
			Name: "rolloutTimeout", Default: both("60"),
			Meaning: "how many seconds new Pods may take to get ready, plus one per Pod, before `pulumi up` fails and the old ones stay",
			value:   wholeNumber(func(c *Config) *int { return &c.RolloutTimeout }, 10, 3600),
		},
		{
			Name:    "verify",
			Meaning: "before a rollout, start one Pod of the new version outside the Service, and continue only if it answers this path with this status, by default 200; `pulumi up` then returns when the last old Pod is gone",
			value:   question(func(c *Config) *Question { return &c.Verify }),
		},
		{
			Name:    "hold",
			Meaning: "deploy this version instead of what the stack says, while the key is there: an image, or a map of an image and what it ran with; `make rollback` sets it, and `make forward` removes it",
			value:   matching(func(c *Config) *string { return &c.Hold }, pinnedImage),
		},
	}},
	{Title: "Migrations, workers and jobs", Keys: []Key{
		{
			Name:    "migrate",
			Meaning: "before a rollout, run the image once with these arguments instead of args, at most once for each image and value; if that fails, nothing changes, and after timeout it is ended and may be half done. A rollback undoes none",
			value:   migration(func(c *Config) *Migration { return &c.Migrate }),
		},
		{
			Name: "workers", OfVersion: true,
			Meaning: "further processes of the image, which get the server's environment and no requests: by name, what each runs with; alive is a command in the image that fails when only a restart helps",
			value:   objectsOf(func(c *Config) *map[string]Worker { return &c.Workers }, processName, workerFields),
		},
		{
			Name: "jobs", OfVersion: true,
			Meaning: "commands of the image that run by a schedule, with the server's environment, one at a time: by name, what each runs and when, in the time zone UTC unless it names one; `make run` runs one now",
			value:   objectsOf(func(c *Config) *map[string]Job { return &c.Jobs }, processName, jobFields),
		},
	}},
	{Title: "The way in", Keys: []Key{
		{
			Name: "path", Default: both("/hello"),
			Meaning: "the path prefix that the Ingress or the HTTPRoute leads to the service",
			value:   matching(func(c *Config) *string { return &c.Path }, urlPath),
		},
		{
			Name: "stripPrefix", Default: both("false"),
			Meaning: "lead requests to the server without path, for one that does not know its prefix; with gateway, or with the Traefik of a kind cluster",
			value:   boolean(func(c *Config) *bool { return &c.StripPrefix }),
		},
		{
			Name:    "host",
			Meaning: "the host name that leads to the service; unset means any",
			value:   matching(func(c *Config) *string { return &c.Host }, hostName),
		},
		{
			Name: "service", Default: both("ClusterIP"),
			Meaning: "the type of the Service",
			value:   oneOf(func(c *Config) *string { return &c.Service }, "ClusterIP", "NodePort", "LoadBalancer"),
		},
		{
			Name: "ingressController", Default: map[Target]string{Kind: traefik, Cloud: "none"},
			Meaning: "the controller that the stack installs to serve the class traefik; a cluster has room for one, and traefik is for kind clusters",
			value:   oneOf(func(c *Config) *string { return &c.IngressController }, traefik, "none"),
		},
		{
			Name: "ingressClass", Default: map[Target]string{Kind: traefik},
			Meaning: "the class of the Ingress; unset means the cluster's default",
			value:   matching(func(c *Config) *string { return &c.IngressClass }, dnsName),
		},
		{
			Name:    "gateway",
			Meaning: "the Gateway whose listeners an HTTPRoute joins, instead of an Ingress; traefik/traefik is the one of a kind cluster",
			value:   gateway(func(c *Config) *Gateway { return &c.Gateway }),
		},
		{
			Name: "ingressAddress", Default: map[Target]string{Kind: "127.0.0.1:8080"},
			Meaning: "where clients reach the Ingress controller or the Gateway; unset means the address of the Ingress or of the Gateway",
			value:   matching(func(c *Config) *string { return &c.IngressAddress }, hostPort),
		},
		{
			Name: "addressTimeout", Default: map[Target]string{Kind: "60", Cloud: "600"},
			Meaning: "how many seconds the Ingress, the HTTPRoute or a Service of type LoadBalancer may take to get an address",
			value:   wholeNumber(func(c *Config) *int { return &c.AddressTimeout }, 1, 3600),
		},
		{
			Name: "ingressAnnotations", Secrecy: Maybe,
			Meaning: "annotations for the Ingress, passed through",
			value:   mapOf(func(c *Config) *map[string]string { return &c.IngressAnnotations }, annotationName, text),
		},
		{
			Name:    "tls",
			Meaning: "TLS for host: where its certificate is, or who issues it",
			value:   certificate(),
		},
	}},
	{Title: "The image", Keys: []Key{
		{
			Name:    "image",
			Meaning: "deploy this image instead of building one",
			value:   matching(func(c *Config) *string { return &c.Image }, pinnedImage),
		},
		{
			Name: "registry", Default: map[Target]string{Kind: "localhost:5001"},
			Meaning: "where to push the built image; needed unless image is set",
			value:   matching(func(c *Config) *string { return &c.Registry }, registry),
		},
		{
			Name:    "registryUsername",
			Meaning: "the user who pushes to the registry, and pulls from it unless pullUsername is set",
			value:   matching(func(c *Config) *string { return &c.RegistryUsername }, userName),
		},
		{
			Name: "registryPassword", Secrecy: Always,
			Meaning: "the password or token of registryUsername",
			value:   matching(func(c *Config) *Secret { return &c.RegistryPassword }, anyText),
		},
		{
			Name:    "pullUsername",
			Meaning: "the user who pulls from the registry, and may do no more",
			value:   matching(func(c *Config) *string { return &c.PullUsername }, userName),
		},
		{
			Name: "pullPassword", Secrecy: Always,
			Meaning: "the password or token of pullUsername",
			value:   matching(func(c *Config) *Secret { return &c.PullPassword }, anyText),
		},
		{
			Name: "platform", Default: map[Target]string{Kind: "linux/" + runtime.GOARCH, Cloud: "linux/amd64"},
			Shown:   map[Target]string{Kind: "linux/$(go env GOARCH)"},
			Meaning: "what to build the image for; on kind the architecture of this machine",
			value: oneOf(func(c *Config) *string { return &c.Platform },
				"linux/amd64", "linux/arm64", "linux/arm/v7", "linux/ppc64le", "linux/riscv64", "linux/s390x"),
		},
		{
			Name: "buildArgs", Secrecy: Maybe,
			Meaning: "values for the Dockerfile's ARGs, such as GO_IMAGE and GOPROXY",
			value:   mapOf(func(c *Config) *map[string]string { return &c.BuildArgs }, variableName, text),
		},
		{
			Name: "signingKey", Secrecy: Always,
			Meaning: "the key that signs the SBOM and the provenance of what is built; its public half is the stack's output signedBy, and makes a stack refuse an image that this key has not signed",
			value:   matching(func(c *Config) *Secret { return &c.SigningKey }, ed25519Key),
		},
	}},
	{Title: "The cluster", Keys: []Key{
		{
			Name: "target", Default: map[Target]string{Kind: "kind"},
			Meaning: "the sort of cluster, which decides the defaults of all other keys",
			value:   oneOf(func(c *Config) *Target { return &c.Target }, Kind, Cloud),
		},
		{
			Name: "context", Default: map[Target]string{Kind: "kind-app-cluster"},
			Meaning: "the kubeconfig context to deploy to, never the current one by accident; with kubeconfig or clusterStack, unset means its current one",
			value:   matching(func(c *Config) *string { return &c.Context }, anyText),
		},
		{
			Name: "kubeconfig", Secrecy: Always,
			Meaning: "the contents of a kubeconfig, if there is no file (CI)",
			value:   kubeconfigContents(),
		},
		{
			Name:    "clusterStack",
			Meaning: "the stack with the kubeconfig as an output, such as the one that makes the cluster; the output is kubeconfig, or named behind a colon",
			value:   stackOutput(func(c *Config) *StackOutput { return &c.ClusterStack }),
		},
		{
			Name: "namespace", Default: both("hello"),
			Meaning: "the namespace, which the stack creates and owns, unless it was made for the stack (docs/clouds.md)",
			value:   matching(func(c *Config) *string { return &c.Namespace }, dnsLabel),
		},
		{
			Name:    "namespaceLabels",
			Meaning: "labels for the namespace, such as a load balancer may need",
			value:   mapOf(func(c *Config) *map[string]string { return &c.NamespaceLabels }, namespaceLabel, labelValue),
		},
	}},
	{Title: "Safety and sight", Keys: []Key{
		{
			Name: "egress", Default: both("any"),
			Meaning: "where the Pods may connect to; all but none includes DNS, and no range includes the metadata addresses of clouds, which have to be named",
			value:   destinations(func(c *Config) *[]Destination { return &c.Egress }),
		},
		{
			Name:    "monitoring",
			Meaning: "who collects figures: Prometheus in the namespace from may read the metrics of the server, at path of port, and of the stack's Ingress controller; it finds them by annotations of the Pods, or with alerts by objects of its operator, with labels if it selects some. A dashboard for Grafana comes along (docs/operations.md)",
			value:   monitoring(func(c *Config) *Monitoring { return &c.Monitoring }),
		},
		{
			Name: "dashboard", Default: both("false"),
			Meaning: "install Headlamp, a dashboard of the cluster, at /dashboard; on cloud, needs TLS",
			value:   boolean(func(c *Config) *bool { return &c.Dashboard }),
		},
	}},
}

// Keys are the keys of all groups.
var Keys = func() (all []Key) {
	for _, group := range Groups {
		all = append(all, group.Keys...)
	}
	return all
}()

// both returns a default for all targets.
func both(value string) map[Target]string {
	return map[Target]string{Kind: value, Cloud: value}
}
