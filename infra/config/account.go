package config

import "strings"

// ServiceAccount is an account of the cluster, which a cloud may know as one of its own. The zero value means none.
type ServiceAccount struct {
	Name        string            // of one that is there; "" for one that the stack creates
	Annotations map[string]string // of one that the stack creates
}

// account accepts a name, or a map of annotations.
func account(field func(*Config) *ServiceAccount) value[Config] {
	const accepts = `the name of one, or a map of annotations, such as {"eks.amazonaws.com/role-arn": "arn:aws:iam::…"}`
	named := matching(func(c *Config) *string { return &field(c).Name }, dnsName)
	annotated := mapOf(func(c *Config) *map[string]string { return &field(c).Annotations }, annotationName, text)
	return value[Config]{accepts: accepts, set: func(config *Config, text string) bool {
		if strings.HasPrefix(text, "{") {
			return annotated.set(config, text)
		}
		return named.set(config, text)
	}}
}
