package config

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"example.com/hello-world/infra/attestation/signature"
)

// relations checks what one key demands of another, if both are right by themselves.
func (r *reading) relations() {
	r.imageKeys()
	r.clusterKeys()
	r.ingressKeys()
	r.volumeKeys()
	r.serverKeys()
	r.databaseKeys()
	r.monitoringKeys()
	r.dashboardKeys()
}

// together refuses a name without its password, and a password without its name.
func (r *reading) together(name, password string) {
	if r.given(name) != r.given(password) {
		r.refuse(name, "and %s must be set together", password)
	}
}

// exclude refuses two keys that say the same in two ways.
func (r *reading) exclude(key, other string) {
	if r.given(key) && r.given(other) {
		r.refuse(key, "and %s exclude each other: remove one of the two", other)
	}
}

func (r *reading) imageKeys() {
	if r.given("image") {
		for _, key := range []string{"registry", "platform", "buildArgs"} {
			if r.given(key) {
				r.refuse(key, "has no effect together with image: remove one of the two")
			}
		}
	} else if r.config.Registry == "" && !r.given("registry") {
		r.refuse("registry", "is not set: it must be %s, unless image is set", registry.accepts)
	}
	if r.given("signingKey") && !r.given("image") && !r.mistakes.concern("signingKey") && signature.ParseKey(string(r.config.SigningKey)) == nil {
		r.refuse("signingKey", "is the public half of a key, which signs nothing: set the key itself, or image")
	}
	r.together("registryUsername", "registryPassword")
	r.together("pullUsername", "pullPassword")
}

func (r *reading) clusterKeys() {
	if !r.given("context") && !r.given("kubeconfig") && !r.given("clusterStack") && r.config.Context == "" {
		r.refuse("context", "is not set: it must be the name of a kubeconfig context, unless kubeconfig or clusterStack is set")
	}
	r.exclude("clusterStack", "kubeconfig")
}

// MostSegments is how many segments the Traefik of a kind cluster can strip from a path.
const MostSegments = 5

func (r *reading) ingressKeys() {
	config := r.config
	for _, key := range []string{"ingressClass", "ingressAnnotations"} {
		if r.given("gateway") && r.given(key) {
			r.refuse(key, "is for an Ingress, and gateway makes an HTTPRoute instead: remove one of the two")
		}
	}
	if r.config.StripPrefix && !r.given("gateway") {
		switch {
		case config.IngressClass == "":
			r.refuse("stripPrefix", "is true, which needs gateway or ingressClass traefik, and target %s brings neither: set one, or say it in ingressAnnotations", r.target())
		case config.IngressClass != traefik:
			r.refuse("stripPrefix", "is true: without gateway, only ingressClass traefik can do that; for another controller, say it in ingressAnnotations")
		case strings.Count(config.Path, "/") > MostSegments:
			r.refuse("path", "has more than %d segments: with stripPrefix, and without gateway, that is the most", MostSegments)
		}
	}
	if r.given("gateway") && r.given("tls") {
		r.refuse("tls", "is for an Ingress: with gateway, the certificate is the listener's, so remove tls")
		return
	}
	if r.given("ingressController") && config.IngressController == traefik && config.IngressClass != traefik {
		r.refuse("ingressController", "is traefik: then ingressClass must be traefik too, because it serves no other class")
	}
	if r.given("tls") {
		if !r.given("host") {
			r.refuse("tls", "needs host: a certificate is for a host name")
		}
		// The default address, if there is one, is a plain HTTP port.
		if config.IngressAddress != "" && !r.given("ingressAddress") {
			r.refuse("tls", "needs ingressAddress: the host and port where the Ingress controller serves HTTPS")
		}
	}
	if r.given("ingressAnnotations") && config.Service == "LoadBalancer" &&
		config.Host == "" && config.IngressClass == "" && config.IngressAddress == "" && !r.given("gateway") {
		r.refuse("ingressAnnotations", "has no effect with service LoadBalancer, which replaces the Ingress: "+
			"set host, ingressClass or ingressAddress too, or remove it")
	}
}

// DatabaseURL is the variable with the address of the database.
const DatabaseURL = "DATABASE_URL"

func (r *reading) databaseKeys() {
	if !r.given("database") {
		return
	}
	if !forThisMachineOnly[r.target()] {
		r.refuse("database", "is to develop against, and target is %s: use one that your cloud manages, and put its address into secretEnv[\"%s\"]", r.target(), DatabaseURL)
	}
	_, plain := r.config.Env[DatabaseURL]
	_, secret := r.config.SecretEnv[DatabaseURL]
	if key := map[bool]string{true: "env", false: "secretEnv"}[plain]; plain || secret {
		r.refuse("database", "sets %s, and so does %s: remove one of the two", DatabaseURL, key)
	}
}

// monitoringKeys refuses fields that would do nothing.
func (r *reading) monitoringKeys() {
	m := r.config.Monitoring
	if m.By == ByAnnotations && len(m.Labels) > 0 {
		r.refuse("monitoring", "has labels, which are for the operator's objects: set by to operator, or remove them")
	}
	if m.From != "" && m.Path == "" && m.Port > 0 {
		r.refuse("monitoring", "has the port %d, and the path none: remove one of the two", m.Port)
	}
}

// volumeKeys refuses what would need the volume twice.
func (r *reading) volumeKeys() {
	if !r.given("volume") {
		return
	}
	if max(r.config.Replicas, r.config.MaxReplicas) > 1 && !r.mistakes.concern("replicas") {
		set, of := r.values["replicas"], "is"
		if !r.given("replicas") {
			set, of = strconv.Itoa(r.config.Replicas), fmt.Sprintf("by target %s is", r.config.Target)
		}
		r.refuse("volume", "is for one Pod at a time: set replicas, which %s %s, to 1", of, set)
	}
	for _, key := range []string{"verify", "migrate"} {
		if r.given(key) {
			r.refuse("volume", "is for one Pod at a time: remove it, or %s", key)
		}
	}
}

func (r *reading) serverKeys() {
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
	for _, name := range slices.Sorted(maps.Keys(r.config.Jobs)) {
		if _, both := r.config.Workers[name]; both {
			r.refuse("jobs", "has %s, and so has workers: one of the two needs another name", name)
		}
	}
	folders := map[string]string{}
	if r.given("volume") {
		folders[r.config.Volume.Path] = "volume"
	}
	if r.given("scratch") {
		if r.config.Volume.Path == "/tmp" {
			r.refuse("volume", "is in /tmp, and so is scratch: it must be another folder")
		}
		folders["/tmp"] = "scratch"
	}
	for _, name := range slices.Sorted(maps.Keys(r.config.ExistingSecrets)) {
		folder := r.config.ExistingSecrets[name]
		if other := folders[folder]; other != "" {
			r.refuse("existingSecrets", "has %s in %s, and so has %s: it must be another folder", name, folder, other)
		}
		if folder != InEnv {
			folders[folder] = name
		}
	}
}

// ours are the environment variables that the component sets (infra/webservice/container.go).
var ours = []string{
	"PORT", "ADMIN_PORT", "BASE_PATH", "DRAIN_DELAY", "SHUTDOWN_TIMEOUT", "POD_NAME", "NODE_NAME", "POD_IP",
}

func (r *reading) dashboardKeys() {
	if !r.config.Dashboard {
		return
	}
	local := forThisMachineOnly[r.target()] && OnThisMachine(r.config.IngressAddress)
	if !r.given("tls") && !local && !r.mistakes.concern("ingressAddress") {
		r.refuse("dashboard", "needs TLS, because users send it their tokens: set host and tls, "+
			"unless target is kind and ingressAddress is on this machine, such as 127.0.0.1:8080")
	}
	if r.config.Path == DashboardPath {
		r.refuse("path", "is %s: with dashboard it must be another one, because the dashboard is there", r.source.shown("path", r.config.Path))
	}
}
