package preflight

import (
	"fmt"

	"example.com/hello-world/infra/kubeconfig"
)

// warnOfMissing warns of what the cluster lacks, and without which something declared does nothing. It may come later, or from
// another part of the program.
func (l *look) warnOfMissing() error {
	cfg := l.cfg
	for _, needed := range []struct {
		is   bool
		path string
		says string
	}{
		{cfg.IngressClass != "" && cfg.Gateway.Name == "" && !cfg.InstallsIngressController(), "/apis/networking.k8s.io/v1/ingressclasses/" + cfg.IngressClass, fmt.Sprintf(
			"ingressClass is %q, and the cluster has no such class: without it, no controller leads clients to the service. `kubectl get ingressclasses` lists those it has", cfg.IngressClass)},
		{cfg.MaxReplicas > 0, "/apis/metrics.k8s.io/v1beta1", fmt.Sprintf(
			"replicas is %d-%d, and the cluster measures no CPU use: without metrics-server or the like, nothing is scaled", cfg.Replicas, cfg.MaxReplicas)},
		{cfg.Monitoring.From != "" && cfg.Monitoring.From != cfg.Namespace, kubeconfig.NamespacePath(cfg.Monitoring.From), fmt.Sprintf(
			"monitoring is from %q, and the cluster has no such namespace: without a Prometheus there, nobody reads the figures", cfg.Monitoring.From)},
	} {
		if !needed.is {
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
