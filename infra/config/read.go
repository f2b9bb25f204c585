package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/agext/levenshtein"
)

// read turns the source into a Config. After a mistake it goes on, to find all in one run.
func read(source Source) (Config, Mistakes) {
	r := reading{source: source, values: source.own(), config: Config{Developing: source.Developing}}
	r.hold()
	r.keys()
	r.unknownKeys()
	r.relations()
	return r.config, r.mistakes
}

type reading struct {
	source   Source
	values   map[string]string // as given, by short key
	held     []string          // the keys whose values are a held version's; nil without one
	config   Config
	mistakes Mistakes
}

func (r *reading) refuse(key, format string, args ...any) {
	if slices.Contains(r.held, key) {
		format = "in hold " + format
	}
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
		encrypted := r.encrypted(key)
		if encrypted {
			r.config.Encrypted = append(r.config.Encrypted, key.Name)
		}
		full := r.source.Project + ":" + key.Name
		plain, misread := r.source.Plain[full], r.source.Misread[full]
		switch {
		case key.Secrecy == Always && text == "{}": // what is left when the last entry is removed
			continue
		case key.Secrecy == Always && encrypted && plain != "":
			r.refuse(key.Name, "has %s in plain text: replace it with `pulumi config set --secret --path '%s[\"%s\"]'`", plain, key.Name, plain)
			continue
		case key.Secrecy == Always && !encrypted:
			r.refuse(key.Name, "is stored in plain text: replace it with `pulumi config set --secret %s`", key.Name)
		case key.Secrecy == Never && encrypted:
			r.refuse(key.Name, "is stored as a secret, but it shows in the cluster and in messages: set it without --secret")
			continue
		case len(misread) > 0:
			for _, value := range misread {
				r.refuse(key.Name, "has %s in the stack's file, which YAML reads as %s: write it in quotes", value.Written, value.Read)
			}
			continue
		case encrypted && r.source.Open && !forThisMachineOnly[r.target()]:
			r.refuse(key.Name, "is encrypted with the empty passphrase, which only target kind accepts: anyone with the stack's file can read it; %s",
				anotherPassphrase)
		}
		if !key.value.set(&r.config, text) {
			shown := r.source.shown(key.Name, text)
			if key.Secrecy == Always || slices.Contains(r.held, key.Name) && r.source.encrypted("hold") {
				shown = hidden
			}
			if key.value.wrong != nil && shown != hidden {
				if wrong := key.value.wrong(text); wrong != "" {
					r.refuse(key.Name, "%s", wrong)
					continue
				}
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
	if r.config.Kubeconfig != "" { // otherwise refused by the key itself
		if err := r.config.chooseContext("the kubeconfig key", r.source); err != nil {
			r.refuse("context", "%v", err)
		}
	}
}

// packages have keys of their own, some with the names of ours.
var packages = []string{"kubernetes", "docker", "pulumi"}

// gone are keys of earlier versions, and what took their place.
var gone = map[string]string{
	"clusterOutput":  "clusterStack names the output behind a colon, as in organization/eks/prod:kubeconfig",
	"livenessPath":   "healthPath takes it behind its own, as in '/ready /live'",
	"metricsFrom":    "monitoring takes it, as in monitoring or {\"from\": \"monitoring\", \"by\": \"operator\"}",
	"migrateTimeout": "migrate takes it, as in {\"args\": [\"up\"], \"timeout\": 3600}",
	"tlsSecret":      "tls takes it, as in secret/certificate",
	"clusterIssuer":  "tls takes it, as in issuer/letsencrypt",
	"maxReplicas":    "replicas takes a range, as in 2-10",
	"cpuTarget":      "autoscaling aims at 70 % of what cpu requests, so set cpu",
}

// unknownKeys refuses keys that would silently have no effect: misspelt ones, and those from before the project was renamed.
func (r *reading) unknownKeys() {
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
		if successor := gone[stranger]; successor != "" {
			r.refuse(stranger, "is not a key any more: %s; `pulumi config rm %s` removes it", successor, stranger)
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
