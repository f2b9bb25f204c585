package traefik

import (
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	rbacv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/rbac/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/internal/namespace"
)

// declareRights gives the account the rights that Traefik's providers need: to watch what it routes to, in every
// namespace, because a route may be in any, and to write an Ingress's address into its status.
func (p *parts) declareRights(account *corev1.ServiceAccount) (pulumi.Resource, error) {
	watch := []string{"list", "watch"}
	rules := rbacv1.PolicyRuleArray{
		namespace.Rule(watch, "", "services", "nodes"),
		namespace.Rule(watch, "", "secrets"), // the certificates of Ingresses with TLS
		namespace.Rule(watch, "discovery.k8s.io", "endpointslices"),
		namespace.Rule(watch, "networking.k8s.io", "ingresses", "ingressclasses"),
		namespace.Rule([]string{"update"}, "networking.k8s.io", "ingresses/status"),
	}
	if p.args.Gateways {
		rules = append(rules, gatewayRights()...)
	}
	return p.Grant(account, name, rules)
}
