package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/agext/levenshtein"

	"example.com/hello-world/infra/kubeconfig"
)

// read turns the source into a Config. After a mistake it goes on, to find all in one run.
func read(source Source) (Config, Mistakes) {
	r := reading{source: source, values: source.own()}
	r.keys()
	r.strangers()
	r.relations()
	return r.config, r.mistakes
}

type reading struct {
	source   Source
	values   map[string]string // as given, by short key
	config   Config
	mistakes Mistakes
}

func (r *reading) refuse(key, format string, args ...any) {
	r.mistakes = append(r.mistakes, Mistake{key, fmt.Sprintf(format, args...)})
}

func (r *reading) given(key string) bool {
	_, given := r.values[key]
	return given
}

// keys reads every key of the table, or its default. It checks a default like a given value, so that none can be wrong.
func (r *reading) keys() {
	for _, key := range Keys {
		text, given := r.values[key.Name]
		if !given {
			if text, given = key.Default[r.target()]; !given {
				continue
			}
		}
		encrypted := r.source.encrypted(key.Name)
		if encrypted {
			r.config.Encrypted = append(r.config.Encrypted, key.Name)
		}
		switch {
		case key.Secrecy == Always && !encrypted:
			r.refuse(key.Name, "is stored in plain text: replace it with `pulumi config set --secret %s`", key.Name)
		case key.Secrecy == Never && encrypted:
			r.refuse(key.Name, "is stored as a secret, but it shows in the cluster and in messages: set it without --secret")
			continue
		case encrypted && r.source.Open && !forThisMachineOnly[r.target()]:
			r.refuse(key.Name, "is encrypted with the empty passphrase, so anyone with the stack's file can read it: %s", anotherPassphrase)
		}
		if !key.value.set(&r.config, text) {
			shown := r.source.shown(key.Name, text)
			if key.Secrecy == Always {
				shown = hidden
			}
			r.refuse(key.Name, "is %s: it must be %s", shown, key.Accepts())
		}
	}
	r.wholeKubeconfig()
}

// target returns the target whose defaults apply. If it is wrong, kind stands in, to check the other keys.
func (r *reading) target() Target {
	if given := Target(r.values["target"]); given == Cloud {
		return Cloud
	}
	return Kind
}

// wholeKubeconfig chooses a context of the kubeconfig key. The kubeconfig of clusterStack is not known yet.
func (r *reading) wholeKubeconfig() {
	if r.given("context") && r.config.Context == "" || !r.given("kubeconfig") && !r.given("clusterStack") {
		return // already refused, or in the files
	}
	if !r.given("context") {
		r.config.Context = "" // the target's default is a context of the files
	}
	if r.config.Kubeconfig == "" {
		return
	}
	whole, err := kubeconfig.Parse(string(r.config.Kubeconfig))
	if err != nil {
		return // refused by the key itself
	}
	if problem := r.config.chooseContext(whole, "the kubeconfig key", r.source); problem != "" {
		r.refuse("context", "%s", problem)
	}
}

// packages have keys of their own, some with the names of ours.
var packages = []string{"kubernetes", "docker", "pulumi"}

// strangers refuses keys that would silently have no effect: misspelt ones, and those from before the project was renamed.
func (r *reading) strangers() {
	names := make([]string, len(Keys))
	for i, key := range Keys {
		names[i] = key.Name
	}
	for _, full := range slices.Sorted(maps.Keys(r.source.Values)) {
		project, short, _ := strings.Cut(full, ":")
		if project != r.source.Project && !slices.Contains(packages, project) && slices.Contains(names, short) {
			r.refuse(full, "has no effect, because the project is called %s: rename it to %s:%s", r.source.Project, r.source.Project, short)
		}
	}
	for _, stranger := range slices.Sorted(maps.Keys(r.values)) {
		if slices.Contains(names, stranger) {
			continue
		}
		distance := func(name string) int {
			return levenshtein.Distance(strings.ToLower(stranger), strings.ToLower(name), nil)
		}
		nearest := slices.MinFunc(names, func(a, b string) int { return distance(a) - distance(b) })
		if distance(nearest) <= max(1, len(nearest)/3) {
			r.refuse(stranger, "is not a key: did you mean %s?", nearest)
		} else {
			r.refuse(stranger, "is not a key: the keys are %s", strings.Join(names, ", "))
		}
	}
}

// relations checks what one key demands of another, if both are right by themselves.
func (r *reading) relations() {
	config := r.config

	if r.given("image") {
		for _, key := range []string{"registry", "platform", "buildArgs"} {
			if r.given(key) {
				r.refuse(key, "has no effect together with image: remove one of the two")
			}
		}
	} else if config.Registry == "" && !r.given("registry") {
		r.refuse("registry", "is not set: it must be %s, unless image is set", registry.accepts)
	}
	if r.given("registryUsername") != r.given("registryPassword") {
		r.refuse("registryUsername", "and registryPassword must be set together")
	}
	if r.given("pullUsername") != r.given("pullPassword") {
		r.refuse("pullUsername", "and pullPassword must be set together")
	}

	if !r.given("context") && !r.given("kubeconfig") && !r.given("clusterStack") && config.Context == "" {
		r.refuse("context", "is not set: it must be the name of a kubeconfig context, unless kubeconfig or clusterStack is set")
	}
	if r.given("kubeconfig") && r.given("clusterStack") {
		r.refuse("clusterStack", "and kubeconfig exclude each other: remove one of the two")
	}
	if r.given("clusterOutput") && !r.given("clusterStack") {
		r.refuse("clusterOutput", "has no effect without clusterStack: set that too, or remove it")
	}

	if r.given("ingressController") && config.IngressController == traefik && config.IngressClass != traefik {
		r.refuse("ingressController", "is traefik: then ingressClass must be traefik too, because it serves no other class")
	}
	for _, key := range []string{"tlsSecret", "clusterIssuer"} {
		if !r.given(key) {
			continue
		}
		if !r.given("host") {
			r.refuse(key, "needs host: a certificate is for a host name")
		}
		// The default address, if there is one, is a plain HTTP port.
		if config.IngressAddress != "" && !r.given("ingressAddress") {
			r.refuse(key, "needs ingressAddress: the host and port where the Ingress controller serves HTTPS")
		}
	}
	if r.given("tlsSecret") && r.given("clusterIssuer") {
		r.refuse("tlsSecret", "and clusterIssuer exclude each other: remove one of the two")
	}

	if r.given("ingressAnnotations") && config.Service == "LoadBalancer" &&
		config.Host == "" && config.IngressClass == "" && config.IngressAddress == "" {
		r.refuse("ingressAnnotations", "has no effect with service LoadBalancer, which replaces the Ingress: "+
			"set host, ingressClass or ingressAddress too, or remove it")
	}

	if r.given("cpuTarget") && !r.given("maxReplicas") {
		r.refuse("cpuTarget", "has no effect without maxReplicas: set that too, or remove it")
	}
	if r.given("maxReplicas") && !r.mistakes.concern("replicas", "maxReplicas") {
		if config.Replicas == 0 {
			r.refuse("replicas", "is 0: with maxReplicas it must be at least 1, because an autoscaler leaves 0 Pods alone")
		}
		if config.MaxReplicas < config.Replicas {
			r.refuse("maxReplicas", "is %d: it must be at least replicas, which is %d", config.MaxReplicas, config.Replicas)
		}
	}

	r.variables()
	if r.given("livenessPath") && !r.given("healthPath") {
		r.refuse("livenessPath", "has no effect without healthPath: set that too, or remove it")
	}
	if r.given("metricsFrom") && r.given("healthPath") {
		r.refuse("metricsFrom", "opens the admin port, and with healthPath the server has none: remove one of the two")
	}

	if config.Dashboard {
		tls := r.given("tlsSecret") || r.given("clusterIssuer")
		local := forThisMachineOnly[r.target()] && OnThisMachine(config.IngressAddress)
		if !tls && !local && !r.mistakes.concern("ingressAddress") {
			r.refuse("dashboard", "needs TLS, because users send it their tokens: set host and tlsSecret or clusterIssuer, "+
				"unless target is kind and ingressAddress is on this machine, such as 127.0.0.1:8080")
		}
		if config.Path == DashboardPath {
			r.refuse("path", "is %s: with dashboard it must be another one, because the dashboard is there",
				r.source.shown("path", config.Path))
		}
	}
}

// variables refuses environment variables that have two values.
func (r *reading) variables() {
	const setsItself = "has %s, which the stack sets itself: remove it"
	for _, name := range ours {
		if _, plain := r.config.Env[name]; plain {
			r.refuse("env", setsItself, name)
		}
		if _, secret := r.config.SecretEnv[name]; secret {
			r.refuse("secretEnv", setsItself, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.config.Env)) {
		if _, both := r.config.SecretEnv[name]; both {
			r.refuse("env", "has %s, and so has secretEnv: remove it from one of the two", name)
		}
	}
}

// ours are the environment variables that the component sets (infra/webservice/container.go).
var ours = []string{
	"PORT", "ADMIN_PORT", "BASE_PATH", "DRAIN_DELAY", "SHUTDOWN_TIMEOUT", "POD_NAME", "NODE_NAME", "POD_IP",
}
