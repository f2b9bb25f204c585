package config

import "strings"

// health accepts the path that the probes ask for, or behind it another one for the liveness probe.
func health() value[Config] {
	accepts := urlPath.accepts + "; or two of these, as in '/ready /live'"
	return value[Config]{accepts: accepts, set: func(config *Config, text string) bool {
		ready, live, two := strings.Cut(text, " ")
		if !urlPath.holds(ready) || two && !urlPath.holds(live) {
			return false
		}
		config.HealthPath, config.LivenessPath = ready, live
		return true
	}}
}
