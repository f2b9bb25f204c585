package monitoring

// RuleFile returns the alerts as Prometheus reads them from a file, and as the operator has them in a PrometheusRule.
func RuleFile(of Service, from ...Origin) map[string]any {
	var rules []any
	for _, alert := range Alerts(of, from...) {
		severity := "warning"
		if alert.Critical {
			severity = "critical"
		}
		rules = append(rules, map[string]any{
			"alert": alert.Name, "expr": alert.Expr, "for": alert.For,
			"labels":      map[string]any{"severity": severity, "namespace": of.Namespace},
			"annotations": map[string]any{"summary": alert.Because, "description": "Look at: " + alert.Look},
		})
	}
	return map[string]any{"groups": []any{map[string]any{"name": of.Namespace + "/" + of.Name, "rules": rules}}}
}
