package kubeconfig

import (
	"context"
	"slices"
)

// Ingress is what matters about an Ingress.
type Ingress struct {
	Object
	Spec struct {
		IngressClassName string
		Rules            []struct {
			Host string
			HTTP struct{ Paths []struct{ Path string } }
		}
	}
}

// Routes reports whether the Ingress routes a path of a host, "" for any.
func (i Ingress) Routes(host, path string) bool {
	for _, rule := range i.Spec.Rules {
		if rule.Host == host && slices.Contains(rule.HTTP.Paths, struct{ Path string }{path}) {
			return true
		}
	}
	return false
}

// Path returns where the API has the Ingress.
func (i Ingress) Path() string {
	return "/apis/networking.k8s.io/v1/namespaces/" + i.Namespace + "/ingresses/" + i.Name
}

// Ingresses returns the Ingresses of all namespaces.
func (c *Connection) Ingresses(ctx context.Context) ([]Ingress, error) {
	var list struct{ Items []Ingress }
	_, err := c.Read(ctx, "/apis/networking.k8s.io/v1/ingresses", &list)
	return list.Items, err
}
