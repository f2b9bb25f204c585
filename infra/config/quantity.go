package config

import (
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"
)

// Amount is how much of a resource a Pod requests, and how much it may use, as Kubernetes quantities.
type Amount struct{ Request, Limit string }

// amount accepts one quantity for both, or two.
func amount(field func(*Config) *Amount, example string) value {
	return value{"a Kubernetes quantity, or a request and a limit no smaller, such as " + example, func(config *Config, text string) bool {
		request, limit, two := strings.Cut(text, "/")
		if !two {
			limit = request
		}
		least, ok := parseQuantity(request)
		most, okToo := parseQuantity(limit)
		if !ok || !okToo || most.Cmp(least) < 0 {
			return false
		}
		*field(config) = Amount{request, limit}
		return true
	}}
}

// quantity accepts one quantity.
func quantity(field func(*Config) *string) value {
	return matching(field, form{"a Kubernetes quantity such as 64Mi", func(text string) bool {
		_, ok := parseQuantity(text)
		return ok
	}})
}

func parseQuantity(text string) (resource.Quantity, bool) {
	if len(text) > 32 {
		return resource.Quantity{}, false
	}
	parsed, err := resource.ParseQuantity(text)
	return parsed, err == nil && parsed.Sign() > 0
}
