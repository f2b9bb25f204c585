package config

import (
	"cmp"
	"regexp"
	"strings"
)

// StackOutput is an output of another stack. The zero value means none.
type StackOutput struct {
	Stack string // its full name, such as organization/eks/prod
	Name  string // of the output
}

var fullStackName = regexp.MustCompile(`^[\w.-]+/[\w.-]+/[\w.-]+$`)

// stackOutput accepts a stack's full name, with the name of an output behind a colon unless it is kubeconfig.
func stackOutput(field func(*Config) *StackOutput) value[Config] {
	const accepts = "the full name of a stack, such as organization/project/stack, or of its output, such as organization/project/stack:kubeconfig"
	return value[Config]{accepts: accepts, set: func(config *Config, text string) (ok bool) {
		*field(config), ok = ParseStackOutput(text)
		return ok
	}}
}

// ParseStackOutput reads a value of the key clusterStack.
func ParseStackOutput(text string) (output StackOutput, ok bool) {
	stack, name, named := strings.Cut(text, ":")
	ok = len(text) <= 255 && fullStackName.MatchString(stack) && (!named || strings.TrimSpace(name) != "")
	return StackOutput{stack, cmp.Or(name, "kubeconfig")}, ok
}
