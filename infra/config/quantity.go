package config

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"
)

// Amount is how much of a resource a Pod requests, and how much it may use, as Kubernetes quantities.
type Amount struct{ Request, Limit string }

// span is what a quantity can mean. What is outside of it lacks its unit: memory of 512 bytes, or 500 cores.
type span struct{ least, most string }

var (
	cores = span{"1m", "256"}
	bytes = span{"1Mi", "1Pi"}
)

func (s span) String() string {
	return fmt.Sprintf("a Kubernetes quantity from %s to %s", s.least, s.most)
}

func (s span) parse(text string) (resource.Quantity, bool) {
	if len(text) > 32 {
		return resource.Quantity{}, false
	}
	parsed, err := resource.ParseQuantity(text)
	return parsed, err == nil && parsed.Cmp(resource.MustParse(s.least)) >= 0 && parsed.Cmp(resource.MustParse(s.most)) <= 0
}

// amount accepts one quantity for both, or two.
func amount[C any](field func(*C) *Amount, of span, example string) value[C] {
	return value[C]{accepts: of.String() + ", or a request and a limit no smaller, such as " + example, set: func(to *C, text string) bool {
		request, limit, two := strings.Cut(text, "/")
		if !two {
			limit = request
		}
		least, ok := of.parse(request)
		most, okToo := of.parse(limit)
		if !ok || !okToo || most.Cmp(least) < 0 {
			return false
		}
		*field(to) = Amount{request, limit}
		return true
	}}
}

// quantity accepts one quantity.
func quantity[C any](field func(*C) *string) value[C] {
	return matching(field, form{bytes.String() + ", such as 64Mi", func(text string) bool {
		_, ok := bytes.parse(text)
		return ok
	}})
}
