package preflight

import (
	"fmt"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"example.com/hello-world/infra/config"
	"example.com/hello-world/infra/monitoring"
)

// monitoring refuses objects of the Prometheus operator that the cluster does not know, and warns of such that its Prometheus
// does not select.
func (l *look) monitoring() error {
	if l.cfg.Monitoring.By != config.ByOperator {
		return nil
	}
	const group = "/apis/" + monitoring.Group
	var known metav1.APIResourceList
	if _, err := l.cluster.Read(l.ctx.Context(), group, &known); err != nil {
		return unlessForbidden(err)
	}
	for _, kind := range []string{"PodMonitor", "PrometheusRule"} {
		if !slices.ContainsFunc(known.APIResources, func(r metav1.APIResource) bool { return r.Kind == kind }) {
			return config.Refuse("monitoring", "is by operator, and the cluster knows no %s of %s: install the Prometheus operator first, or set by to annotations",
				kind, monitoring.Group)
		}
	}
	var all struct{ Items []prometheus }
	from := l.cfg.Monitoring.From
	if _, err := l.cluster.Read(l.ctx.Context(), group+"/namespaces/"+from+"/prometheuses", &all); err != nil {
		return unlessForbidden(err)
	}
	selects := func(p prometheus) bool { return p.selects(l.cfg.Monitoring.Labels) }
	if len(all.Items) == 0 || slices.ContainsFunc(all.Items, selects) {
		return nil
	}
	first := all.Items[0]
	return l.ctx.Log.Warn(fmt.Sprintf("monitoring: the Prometheus %s in namespace %s selects PodMonitors by %s and PrometheusRules by %s, and so not those of the stack: set their labels in monitoring",
		first.Name, from, metav1.FormatLabelSelector(first.Spec.PodMonitorSelector), metav1.FormatLabelSelector(first.Spec.RuleSelector)), nil)
}

// prometheus is what matters of one that the operator runs. Without a selector, it selects nothing.
type prometheus struct {
	metav1.ObjectMeta `json:"metadata"`
	Spec              struct{ PodMonitorSelector, RuleSelector *metav1.LabelSelector }
}

func (p prometheus) selects(of labels.Set) bool {
	return !slices.ContainsFunc([]*metav1.LabelSelector{p.Spec.PodMonitorSelector, p.Spec.RuleSelector}, func(by *metav1.LabelSelector) bool {
		selector, err := metav1.LabelSelectorAsSelector(by)
		return err != nil || !selector.Matches(of)
	})
}
