package config

import "strings"

// Gateway names a Gateway of the cluster, and one of its listeners; "" means all that take the route.
type Gateway struct{ Namespace, Name, Listener string }

// StacksGateway is the Gateway of the controller that a stack installs.
var StacksGateway = Gateway{Namespace: traefik, Name: traefik}

// Of reports whether g is that Gateway, whatever the listener.
func (g Gateway) Of(other Gateway) bool {
	return g.Namespace == other.Namespace && g.Name == other.Name
}

func gateway(field func(*Config) *Gateway) value[Config] {
	const accepts = "NAMESPACE/NAME of a Gateway, such as traefik/traefik, or NAMESPACE/NAME/LISTENER"
	return value[Config]{accepts: accepts, set: func(config *Config, text string) bool {
		namespace, name, _ := strings.Cut(text, "/")
		name, listener, named := strings.Cut(name, "/")
		if !dnsLabel.holds(namespace) || !dnsName.holds(name) || named && !dnsName.holds(listener) {
			return false
		}
		*field(config) = Gateway{namespace, name, listener}
		return true
	}}
}

// String returns the name as the configuration has it.
func (g Gateway) String() string {
	text := g.Namespace + "/" + g.Name
	if g.Listener != "" {
		text += "/" + g.Listener
	}
	return text
}
