package config

import "strings"

// certificate accepts where the certificate comes from: a Secret that is there, or an issuer.
func certificate() value[Config] {
	const accepts = "secret/NAME, a Secret in the namespace, or issuer/NAME, a ClusterIssuer of cert-manager"
	return value[Config]{accepts: accepts, set: func(config *Config, text string) bool {
		from, name, _ := strings.Cut(text, "/")
		field := map[string]*string{"secret": &config.TLSSecret, "issuer": &config.ClusterIssuer}[from]
		if field == nil || !dnsName.holds(name) {
			return false
		}
		*field = name
		return true
	}}
}
