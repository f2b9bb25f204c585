package webservice

import (
	"cmp"
	"strconv"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// ofMetrics is what the container calls a port that has nothing but metrics.
const ofMetrics = "metrics"

// metricsPort returns which of the container's ports has the metrics; no name if nobody may read them.
func (p *parts) metricsPort() (name string, number int) {
	metrics := p.args.Metrics
	if metrics.From == nil {
		return "", 0
	}
	usual, followsContract := p.args.Port, p.args.HealthPath == ""
	if followsContract {
		usual = p.adminPort()
	}
	number = cmp.Or(metrics.Port, usual)
	switch {
	case number == p.args.Port:
		return "http", number
	case followsContract && number == p.adminPort():
		return "admin", number
	}
	return ofMetrics, number
}

// podAnnotations tell Prometheus where the metrics are, in the usual form.
func (p *parts) podAnnotations() pulumi.StringMapInput {
	name, port := p.metricsPort()
	if name == "" || !p.args.Metrics.Annotated {
		return nil
	}
	return pulumi.StringMap{
		"prometheus.io/scrape": pulumi.String("true"),
		"prometheus.io/port":   pulumi.String(strconv.Itoa(port)),
		"prometheus.io/path":   pulumi.String(cmp.Or(p.args.Metrics.Path, "/metrics")),
	}
}
