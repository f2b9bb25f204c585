package webservice

import (
	"fmt"
	"net"
	"strconv"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/internal/object"
	"example.com/hello-world/infra/internal/route"
)

// declareWayIn declares the Ingress or the HTTPRoute, if there is one, and returns where the URL of the service leads, as
// host:port: to what serves it or, without one, to the load balancer.
func (p *parts) declareWayIn(service *corev1.Service) (pulumi.StringInput, error) {
	if !p.args.wayIn() {
		return serviceAddress(service), nil
	}
	name, options := p.name+"-ingress", []pulumi.ResourceOption{object.Within(p.args.AddressTimeout)}
	args := &route.Args{
		Service:       service,
		Path:          p.args.Path,
		Host:          p.args.Host,
		Class:         p.args.IngressClass,
		TLSSecret:     p.tlsSecret(),
		ClusterIssuer: p.args.ClusterIssuer,
		Annotations:   p.args.IngressAnnotations,
		StripPrefix:   p.args.StripPrefix,
	}
	port := 80
	if p.args.tls() {
		port = 443
	}
	if gateway := p.args.Gateway; gateway != nil {
		name, args.Gateway, port = p.name+"-route", &gateway.Gateway, gateway.Port
	} else {
		noAddress, err := p.explainNoAddress("Ingress "+name, "no controller seems to serve its class, or that has no "+
			"address either; `kubectl get ingressclasses` lists the classes, and `kubectl describe ingress "+name+
			"` in the namespace shows what happened")
		if err != nil {
			return nil, err
		}
		options = append(options, noAddress, pulumi.ResourceHooks(p.args.IngressHooks))
	}
	args.Metadata = p.Metadata(name, nil)
	_, address, err := route.New(p.ctx, name, args, p.With(options...)...)
	if err != nil {
		return nil, err
	}
	if p.args.IngressAddress != nil {
		return p.args.IngressAddress, nil
	}
	return address.ApplyT(func(host string) string {
		if host == "" {
			return ""
		}
		return net.JoinHostPort(host, strconv.Itoa(port))
	}).(pulumi.StringOutput), nil
}

// tlsSecret returns the Secret with the certificate: an existing one, or the one for cert-manager to write; nil without TLS.
func (p *parts) tlsSecret() pulumi.StringInput {
	if p.args.ClusterIssuer != nil {
		return pulumi.String(p.name + "-tls")
	}
	return p.args.TLSSecret
}

// urls returns the URL of the service, given where it leads as host:port, and a command that asks it.
func (p *parts) urls(address pulumi.StringInput) (url, try pulumi.StringOutput) {
	host, tls := p.args.Host, p.args.tls()
	if gateway := p.args.Gateway; gateway != nil {
		tls = gateway.TLS
		if host == nil && gateway.Hostname != "" {
			host = pulumi.String(gateway.Hostname)
		}
	}
	if host == nil {
		host = pulumi.String("")
	}
	all := pulumi.All(host, address, p.path())
	url = all.ApplyT(func(all []any) (string, error) {
		return urlOf(tls, all[0].(string), all[1].(string), all[2].(string))
	}).(pulumi.StringOutput)
	try = pulumi.All(all, url).ApplyT(func(both []any) string {
		parts := both[0].([]any)
		return tryOf(parts[0].(string), parts[1].(string), both[1].(string))
	}).(pulumi.StringOutput)
	return url, try
}

// urlOf returns the URL of a path at host, or at the address itself if host is "". The address is host:port, or "" if there
// is none yet.
func urlOf(tls bool, host, address, path string) (string, error) {
	scheme, usual := "http", "80"
	if tls {
		scheme, usual = "https", "443"
	}
	port := usual
	if address != "" {
		addressHost, addressPort, err := net.SplitHostPort(address)
		if err != nil {
			return "", fmt.Errorf("the address of the way in: %w", err)
		}
		port = addressPort
		if host == "" {
			host = addressHost
		}
	}
	if host == "" {
		return "", nil
	}
	authority := net.JoinHostPort(host, port)
	if port == usual {
		authority = authority[:len(authority)-len(":"+port)]
	}
	return scheme + "://" + authority + path, nil
}

// tryOf returns a curl command that asks the address, whatever the host name of the URL resolves to.
func tryOf(host, address, url string) string {
	switch {
	case url == "":
		return ""
	case host == "" || address == "":
		return "curl " + url
	}
	return fmt.Sprintf("curl --connect-to ::%s %s", address, url)
}
