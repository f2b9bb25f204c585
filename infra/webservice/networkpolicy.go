package webservice

import (
	"net/netip"

	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	networkingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/networking/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/label"
)

func (p *parts) declareNetworkPolicy() error {
	_, err := networkingv1.NewNetworkPolicy(p.ctx, p.name, &networkingv1.NetworkPolicyArgs{
		Metadata: p.Metadata(p.name, nil),
		Spec: &networkingv1.NetworkPolicySpecArgs{
			PodSelector: &metav1.LabelSelectorArgs{MatchLabels: p.labels},
			PolicyTypes: pulumi.ToStringArray([]string{"Ingress", "Egress"}),
			Ingress:     p.waysIn(),
			Egress:      p.waysOut(),
		},
	}, p.With()...)
	return err
}

// declareOneOffPolicies let Pods that run once connect to what the server may. A version that needs what is shut must fail on
// trial, not in service. Nobody may connect to them, but to the port of one on trial: its question comes through the cluster's
// API, whose address no policy can name in every cluster.
func (p *parts) declareOneOffPolicies() error {
	if err := p.declareOneOffPolicy("-one-off", label.OneOffOf, &networkingv1.NetworkPolicySpecArgs{
		PolicyTypes: pulumi.ToStringArray([]string{"Ingress", "Egress"}),
		Egress:      p.waysOut(),
	}); err != nil || p.args.Rollout == nil {
		return err
	}
	return p.declareOneOffPolicy("-trial", label.TrialOf, &networkingv1.NetworkPolicySpecArgs{
		PolicyTypes: pulumi.ToStringArray([]string{"Ingress"}),
		Ingress:     networkingv1.NetworkPolicyIngressRuleArray{&networkingv1.NetworkPolicyIngressRuleArgs{Ports: port("http")}},
	})
}

// declareOneOffPolicy declares a policy for the Pods with this label.
func (p *parts) declareOneOffPolicy(suffix, with string, spec *networkingv1.NetworkPolicySpecArgs) error {
	spec.PodSelector = &metav1.LabelSelectorArgs{MatchLabels: pulumi.StringMap{with: pulumi.String(p.name)}}
	toJudges := pulumi.StringMap{"kube-score/ignore": pulumi.String("networkpolicy-targets-pod")} // its Pods come and go
	_, err := networkingv1.NewNetworkPolicy(p.ctx, p.name+suffix, &networkingv1.NetworkPolicyArgs{
		Metadata: p.Metadata(p.name+suffix, toJudges), Spec: spec,
	}, p.With()...)
	return err
}

// waysIn admits the Ingress controller and the Pods of the namespace to the server, and Prometheus to the metrics; to a worker,
// nobody. Probes come from the node, which a policy never shuts out.
func (p *parts) waysIn() networkingv1.NetworkPolicyIngressRuleArray {
	if p.worker != nil {
		return networkingv1.NetworkPolicyIngressRuleArray{}
	}
	server := &networkingv1.NetworkPolicyIngressRuleArgs{Ports: port("http")}
	// A NodePort and a load balancer are for clients anywhere. A rule without From admits everyone.
	if (p.args.IngressFrom != nil || p.args.internal()) && p.args.ServiceType == "ClusterIP" {
		sameNamespace := networkingv1.NetworkPolicyPeerArgs{PodSelector: &metav1.LabelSelectorArgs{}}
		server.From = append(networkingv1.NetworkPolicyPeerArray{sameNamespace}, p.args.IngressFrom...)
	}
	rules := networkingv1.NetworkPolicyIngressRuleArray{server}
	if p.args.Metrics.From != nil {
		metrics, _ := p.metricsPort()
		rules = append(rules, &networkingv1.NetworkPolicyIngressRuleArgs{
			Ports: port(metrics),
			From:  networkingv1.NetworkPolicyPeerArray{podsOf(p.args.Metrics.From)},
		})
	}
	return rules
}

// port returns a port of the container by its name, which is right for both versions while one with another port replaces
// the other.
func port(name string) networkingv1.NetworkPolicyPortArray {
	return networkingv1.NetworkPolicyPortArray{
		&networkingv1.NetworkPolicyPortArgs{Protocol: pulumi.String("TCP"), Port: pulumi.String(name)},
	}
}

// waysOut lets the Pods connect to the destinations and, if there are any, to DNS, to find them by name.
func (p *parts) waysOut() networkingv1.NetworkPolicyEgressRuleArray {
	egress := p.args.Egress
	if egress == nil {
		egress = []Destination{{}}
	}
	var rules networkingv1.NetworkPolicyEgressRuleArray
	for _, to := range egress {
		rules = append(rules, &networkingv1.NetworkPolicyEgressRuleArgs{To: to.peers(), Ports: numbered(to.Port)})
	}
	if len(rules) > 0 {
		rules = append(rules, &networkingv1.NetworkPolicyEgressRuleArgs{To: dns(), Ports: numbered(53)})
	}
	return rules
}

// peers are the destination's, in a policy.
func (d Destination) peers() networkingv1.NetworkPolicyPeerArray {
	switch {
	case d.Namespace != "":
		return networkingv1.NetworkPolicyPeerArray{podsOf(pulumi.String(d.Namespace))}
	case d.CIDR != "":
		return networkingv1.NetworkPolicyPeerArray{block(d.CIDR)}
	}
	// In some clusters, no range of addresses includes those of Pods.
	allPods := &networkingv1.NetworkPolicyPeerArgs{NamespaceSelector: &metav1.LabelSelectorArgs{}}
	return networkingv1.NetworkPolicyPeerArray{allPods, block("0.0.0.0/0"), block("::/0")}
}

// metadata are the addresses where clouds hand a node its credentials: EC2's, Azure's and GCE's, EC2's other one, and that of
// Azure's WireServer.
var metadata = []netip.Addr{netip.MustParseAddr("169.254.169.254"), netip.MustParseAddr("fd00:ec2::254"), netip.MustParseAddr("168.63.129.16")}

// block returns a range of addresses, in a policy. It leaves out those of clouds' metadata, unless it is one of them.
func block(cidr string) *networkingv1.NetworkPolicyPeerArgs {
	of := &networkingv1.IPBlockArgs{Cidr: pulumi.String(cidr)}
	var except pulumi.StringArray
	if prefix, err := netip.ParsePrefix(cidr); err == nil && !prefix.IsSingleIP() {
		for _, address := range metadata {
			if prefix.Contains(address) {
				except = append(except, pulumi.String(netip.PrefixFrom(address, address.BitLen()).String()))
			}
		}
	}
	if except != nil {
		of.Except = except
	}
	return &networkingv1.NetworkPolicyPeerArgs{IpBlock: of}
}

// dns is wherever a cluster has it: in kube-system, on the node (NodeLocal), or outside the cluster (GKE).
func dns() networkingv1.NetworkPolicyPeerArray {
	peers := networkingv1.NetworkPolicyPeerArray{podsOf(pulumi.String("kube-system"))}
	for _, address := range []string{"169.254.20.10/32", "169.254.169.254/32"} {
		peers = append(peers, block(address))
	}
	return peers
}

// podsOf selects all Pods of a namespace.
func podsOf(namespace pulumi.StringInput) *networkingv1.NetworkPolicyPeerArgs {
	return &networkingv1.NetworkPolicyPeerArgs{NamespaceSelector: &metav1.LabelSelectorArgs{
		MatchLabels: pulumi.StringMap{"kubernetes.io/metadata.name": namespace},
	}}
}

// numbered returns a port for TCP and UDP; 0 means all ports.
func numbered(port int) networkingv1.NetworkPolicyPortArray {
	if port == 0 {
		return nil
	}
	ports := networkingv1.NetworkPolicyPortArray{}
	for _, protocol := range []string{"TCP", "UDP"} {
		ports = append(ports, &networkingv1.NetworkPolicyPortArgs{Protocol: pulumi.String(protocol), Port: pulumi.Int(port)})
	}
	return ports
}
