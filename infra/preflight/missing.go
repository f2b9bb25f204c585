package preflight

import (
	"fmt"
	"slices"

	"example.com/hello-world/infra/kubeconfig"
)

// warnOfMissing warns of what the cluster lacks, and without which something declared does nothing. It may come later, or from
// another part of the program.
func (l *look) warnOfMissing() error {
	cfg := l.cfg
	type need struct {
		is   bool
		path string
		says string
	}
	needs := []need{
		{cfg.IngressClass != "" && cfg.Gateway.Name == "" && !cfg.InstallsIngressController(), "/apis/networking.k8s.io/v1/ingressclasses/" + cfg.IngressClass, fmt.Sprintf(
			"ingressClass is %q, and the cluster has no such class: without it, no controller leads clients to the service. `kubectl get ingressclasses` lists those it has", cfg.IngressClass)},
		{cfg.MaxReplicas > 0, "/apis/metrics.k8s.io/v1beta1", fmt.Sprintf(
			"replicas is %d-%d, and the cluster measures no CPU use: without metrics-server or the like, nothing is scaled", cfg.Replicas, cfg.MaxReplicas)},
		{cfg.Monitoring.From != "" && cfg.Monitoring.From != cfg.Namespace, kubeconfig.NamespacePath(cfg.Monitoring.From), fmt.Sprintf(
			"monitoring is from %q, and the cluster has no such namespace: without a Prometheus there, nobody reads the figures", cfg.Monitoring.From)},
		{cfg.TLSSecret != "", kubeconfig.NamespacePath(cfg.Namespace) + "/secrets/" + cfg.TLSSecret, fmt.Sprintf(
			"tls is secret/%s, and the namespace %s has no such Secret: without it, clients get the controller's own certificate", cfg.TLSSecret, cfg.Namespace)},
		{cfg.ClusterIssuer != "", "/apis/cert-manager.io/v1/clusterissuers/" + cfg.ClusterIssuer, fmt.Sprintf(
			"tls is issuer/%s, and the cluster has no such ClusterIssuer of cert-manager: without it, nobody makes the certificate", cfg.ClusterIssuer)},
	}
	for _, to := range cfg.Egress {
		needs = append(needs, need{to.Namespace != "" && to.Namespace != cfg.Namespace, kubeconfig.NamespacePath(to.Namespace), fmt.Sprintf(
			"egress names %q, and the cluster has no such namespace: nothing can be reached there", to.Namespace)})
	}
	for i, needed := range needs {
		if !needed.is || slices.Contains(needs[:i], needed) {
			continue
		}
		there, err := l.cluster.Read(l.ctx.Context(), needed.path, &struct{}{})
		if unlessForbidden(err) != nil {
			return l.unusable(err)
		}
		if err == nil && !there {
			if err := l.ctx.Log.Warn(needed.says, nil); err != nil {
				return err
			}
		}
	}
	return nil
}
