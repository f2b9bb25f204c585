package config

import "strings"

// scale accepts how many Pods serve: a number, or a range to autoscale in.
func scale() value[Config] {
	fixed := wholeNumber(func(c *Config) *int { return &c.Replicas }, 0, 1000)
	least := wholeNumber(func(c *Config) *int { return &c.Replicas }, 1, 1000)
	most := wholeNumber(func(c *Config) *int { return &c.MaxReplicas }, 1, 1000)
	return value[Config]{accepts: fixed.accepts + ", or a range of them from 1, such as 2-10", set: func(config *Config, text string) bool {
		from, to, ranges := strings.Cut(text, "-")
		if !ranges {
			return fixed.set(config, text)
		}
		read := *config
		if !least.set(&read, from) || !most.set(&read, to) || read.MaxReplicas < read.Replicas {
			return false
		}
		*config = read
		return true
	}}
}
