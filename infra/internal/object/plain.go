package object

import "github.com/pulumi/pulumi/sdk/v3/go/common/resource"

// Plain returns a property's value without the marks of secrets and outputs, as maps, slices, strings, numbers and booleans.
// What a preview does not know is "unknown".
func Plain(value resource.PropertyValue) any {
	return value.MapRepl(nil, func(v resource.PropertyValue) (any, bool) {
		switch {
		case v.IsSecret():
			return Plain(v.SecretValue().Element), true
		case v.IsComputed(), v.IsOutput() && !v.OutputValue().Known:
			return "unknown", true
		case v.IsOutput():
			return Plain(v.OutputValue().Element), true
		}
		return nil, false
	})
}
