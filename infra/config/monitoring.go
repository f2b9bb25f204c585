package config

import (
	"encoding/json"
	"strings"
)

// Monitoring says how Prometheus gets the figures. The zero value means not at all.
type Monitoring struct {
	From   string            // the namespace of Prometheus
	By     string            // how it finds the Pods: [ByAnnotations] or [ByOperator]
	Port   int               // where the server has its metrics; 0 means the admin port or, with HealthPath, Port
	Path   string            // where on that port; "" means that the server has none
	Labels map[string]string // of the operator's objects
}

// The ways in which Prometheus finds Pods.
const (
	ByAnnotations = "annotations"
	ByOperator    = "operator"
)

// noMetrics stands for the path of a server without metrics.
const noMetrics = "none"

var monitoringFields = fields[Monitoring]{
	{name: "from", required: true, value: matching(func(m *Monitoring) *string { return &m.From }, dnsLabel)},
	{name: "by", preset: ByAnnotations, value: oneOf(func(m *Monitoring) *string { return &m.By }, ByAnnotations, ByOperator)},
	{name: "port", value: wholeNumber(func(m *Monitoring) *int { return &m.Port }, 1, 65535)},
	{name: "path", preset: "/metrics", value: metricsPath},
	{name: "labels", value: mapOf(func(m *Monitoring) *map[string]string { return &m.Labels }, labelName, labelValue)},
}

var metricsPath = value[Monitoring]{accepts: noMetrics + ", " + urlPath.accepts, set: func(of *Monitoring, text string) bool {
	if text == noMetrics {
		of.Path = ""
		return true
	}
	of.Path = text
	return urlPath.holds(text)
}}

// monitoring accepts the namespace alone, or an object.
func monitoring(field func(*Config) *Monitoring) value[Config] {
	object := objectOf(field, monitoringFields)
	return value[Config]{
		accepts: "the namespace of Prometheus, such as monitoring, or " + object.accepts,
		set: func(config *Config, text string) bool {
			if text == "true" || text == "false" {
				return false // nobody means a namespace of that name
			}
			if !strings.HasPrefix(text, "{") {
				from, _ := json.Marshal(map[string]string{"from": text})
				text = string(from)
			}
			return object.set(config, text)
		},
		wrong: object.wrong,
	}
}

// MetricsArePublic reports whether the server's metrics are below what leads clients to it, on the same port. With
// StripPrefix, all of the server is.
func (c Config) MetricsArePublic() bool {
	m := c.Monitoring
	onItsPort := m.Port == c.Port || m.Port == 0 && c.HealthPath != ""
	return m.Path != "" && onItsPort &&
		(c.Service != "ClusterIP" || c.StripPrefix || strings.HasPrefix(m.Path+"/", strings.TrimSuffix(c.Path, "/")+"/"))
}
