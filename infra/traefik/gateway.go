package traefik

import (
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apiextensions"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	rbacv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/rbac/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	v1 "sigs.k8s.io/gateway-api/apis/v1"

	"example.com/hello-world/infra/internal/namespace"
	"example.com/hello-world/infra/internal/route"
)

// WebListener is the Gateway's only listener, which is for HTTP.
const WebListener = "web"

// WebPort is its port. Traefik wants it to be the container's.
const WebPort = webPort

// gatewayFlags make Traefik serve Gateways.
var gatewayFlags = []string{
	"--providers.kubernetesgateway=true",
	// Write this address into a Gateway's status: kind publishes the node's ports there.
	"--providers.kubernetesgateway.statusaddress.ip=127.0.0.1",
}

// gatewayReadyHost is a host that only the start-up probe asks for.
const gatewayReadyHost = "ready.gateway.internal"

// gatewayRights are those that Traefik's Gateway provider needs beside those of its Ingress provider.
func gatewayRights() rbacv1.PolicyRuleArray {
	const group = v1.GroupName
	return rbacv1.PolicyRuleArray{
		namespace.Rule([]string{"list", "watch"}, "", "namespaces", "configmaps"), // whom a listener admits, and whom to trust behind TLS
		namespace.Rule([]string{"list", "watch"}, group, "gatewayclasses", "gateways", "httproutes", "grpcroutes", "tlsroutes",
			"referencegrants", "backendtlspolicies"),
		namespace.Rule([]string{"update"}, group, "gatewayclasses/status", "gateways/status", "httproutes/status", "grpcroutes/status",
			"tlsroutes/status", "backendtlspolicies/status"),
	}
}

// declareGateway declares the Gateway that routes of every namespace may join, its class, and a route back to the controller's
// own ping, for the same reason as in [parts.declareReadiness]: the start-up probe asks for it.
func (p *parts) declareGateway(toPing *corev1.Service) (gateway *apiextensions.CustomResource, ready pulumi.Resource, err error) {
	if !p.args.Gateways {
		return nil, nil, nil
	}
	class, err := apiextensions.NewCustomResource(p.ctx, name+"-gateway-class", &apiextensions.CustomResourceArgs{
		ApiVersion: pulumi.String(v1.GroupVersion.String()), Kind: pulumi.String("GatewayClass"), Metadata: p.ClusterScoped(name),
		OtherFields: kubernetes.UntypedArgs{"spec": pulumi.Map{"controllerName": pulumi.String("traefik.io/gateway-controller")}},
	}, p.With()...)
	if err != nil {
		return nil, nil, err
	}
	gateway, err = apiextensions.NewCustomResource(p.ctx, name+"-gateway", &apiextensions.CustomResourceArgs{
		ApiVersion: pulumi.String(v1.GroupVersion.String()), Kind: pulumi.String("Gateway"), Metadata: p.Metadata(name, nil),
		OtherFields: kubernetes.UntypedArgs{"spec": pulumi.Map{
			"gatewayClassName": class.Metadata.Name().Elem(),
			"listeners": pulumi.Array{pulumi.Map{
				"name": pulumi.String(WebListener), "port": pulumi.Int(webPort), "protocol": pulumi.String("HTTP"),
				"allowedRoutes": pulumi.Map{"namespaces": pulumi.Map{"from": pulumi.String("All")}},
			}},
		}},
	}, p.With()...)
	if err != nil {
		return nil, nil, err
	}
	ready, _, err = route.New(p.ctx, name+"-gateway-ready", &route.Args{
		Metadata: p.Metadata(name+"-ready", nil), Service: toPing, Path: pulumi.String(pingPath), Host: pulumi.String(gatewayReadyHost),
		Gateway: &route.Gateway{Namespace: name, Name: gateway.Metadata.Name().Elem()},
	}, p.With()...)
	return gateway, ready, err
}
