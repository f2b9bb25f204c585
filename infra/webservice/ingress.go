package webservice

import (
	"fmt"
	"maps"
	"net"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	networkingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/networking/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func (p *parts) declareIngress(service *corev1.Service) error {
	rule := &networkingv1.IngressRuleArgs{
		Http: &networkingv1.HTTPIngressRuleValueArgs{Paths: networkingv1.HTTPIngressPathArray{
			&networkingv1.HTTPIngressPathArgs{
				Path:     p.args.Path.ToStringOutput(),
				PathType: pulumi.String("Prefix"),
				Backend: &networkingv1.IngressBackendArgs{Service: &networkingv1.IngressServiceBackendArgs{
					Name: service.Metadata.Name().Elem(),
					Port: &networkingv1.ServiceBackendPortArgs{Name: pulumi.String("http")},
				}},
			},
		}},
	}
	spec := &networkingv1.IngressSpecArgs{
		IngressClassName: p.args.IngressClass,
		Rules:            networkingv1.IngressRuleArray{rule},
	}
	if p.args.Host != nil {
		rule.Host = p.args.Host.ToStringOutput()
	}
	if p.args.tls() {
		spec.Tls = networkingv1.IngressTLSArray{&networkingv1.IngressTLSArgs{
			Hosts:      pulumi.StringArray{p.args.Host},
			SecretName: p.tlsSecret().ToStringOutput(),
		}}
	}
	_, err := networkingv1.NewIngress(p.ctx, p.name+"-ingress", &networkingv1.IngressArgs{
		Metadata: p.metadata(p.name+"-ingress", p.ingressAnnotations()),
		Spec:     spec,
	}, p.with(p.timeout(0))...)
	return err
}

// tlsSecret is the Secret with the certificate: one that exists, or the one that cert-manager shall write.
func (p *parts) tlsSecret() pulumi.StringInput {
	if p.args.TLSSecret != nil {
		return p.args.TLSSecret
	}
	return pulumi.String(p.name + "-tls")
}

// ingressAnnotations puts the caller's over our own.
func (p *parts) ingressAnnotations() pulumi.StringMapInput {
	own := maps.Clone(awaitAddress)
	if p.args.ClusterIssuer != nil {
		own["cert-manager.io/cluster-issuer"] = p.args.ClusterIssuer
	}
	if p.args.IngressAnnotations == nil {
		return own
	}
	return pulumi.All(own.ToStringMapOutput(), p.args.IngressAnnotations).ApplyT(func(all []any) map[string]string {
		merged := maps.Clone(all[0].(map[string]string))
		maps.Copy(merged, all[1].(map[string]string))
		return merged
	}).(pulumi.StringMapOutput)
}

// addresses are the URL of the service and a command that asks it.
func (p *parts) addresses() (url, try pulumi.StringOutput) {
	host := p.args.Host
	if host == nil {
		host = pulumi.String("")
	}
	tls := p.args.tls()
	both := pulumi.All(host, p.args.IngressAddress, p.args.Path)
	url = both.ApplyT(func(all []any) (string, error) {
		return urlOf(tls, all[0].(string), all[1].(string), all[2].(string))
	}).(pulumi.StringOutput)
	try = pulumi.All(both, url).ApplyT(func(all []any) string {
		parts := all[0].([]any)
		return tryOf(parts[0].(string), parts[1].(string), all[1].(string))
	}).(pulumi.StringOutput)
	return url, try
}

// urlOf is the URL of a path at host, or at the address itself if host is "". The address is host:port.
func urlOf(tls bool, host, address, path string) (string, error) {
	addressHost, port, err := net.SplitHostPort(address)
	if err != nil {
		return "", fmt.Errorf("IngressAddress: %w", err)
	}
	if host == "" {
		host = addressHost
	}
	scheme, usual := "http", "80"
	if tls {
		scheme, usual = "https", "443"
	}
	authority := net.JoinHostPort(host, port)
	if port == usual {
		authority = authority[:len(authority)-len(":"+port)]
	}
	return scheme + "://" + authority + path, nil
}

// tryOf is a curl command. It goes to the address whatever the host name of the URL resolves to.
func tryOf(host, address, url string) string {
	if host == "" {
		return "curl " + url
	}
	return fmt.Sprintf("curl --connect-to ::%s %s", address, url)
}
