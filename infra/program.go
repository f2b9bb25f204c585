package main

import (
	"os"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/constant"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/config"
)

// run runs the program with the stack's configuration.
func run(program func(*pulumi.Context, config.Source) error) {
	var source config.Source
	err := pulumi.RunErr(func(ctx *pulumi.Context) error { return program(ctx, source) }, capture(&source))
	if err == nil {
		return
	}
	// The engine reports a failed resource itself, and then accepts no further ones.
	if !strings.Contains(err.Error(), "resource monitor shut down") {
		os.Stderr.WriteString(err.Error() + "\n")
	}
	os.Exit(constant.ExitStatusLoggedError)
}

// capture fills in the source. A pulumi.Context can look up a key but not list them all, and only the list shows a misspelt
// one.
func capture(source *config.Source) pulumi.RunOption {
	return func(info *pulumi.RunInfo) {
		*source = config.SourceOf(info.Project, info.Stack, info.RootDirectory, info.Config, info.ConfigSecretKeys)
	}
}

// fail ends the program with an error for the user, about a resource or nil. If the program returned it, the stack's outputs
// would be cleared.
func fail(ctx *pulumi.Context, err error, about *pulumi.LogArgs) {
	if ctx.Log.Error(err.Error(), about) != nil {
		os.Stderr.WriteString(err.Error() + "\n")
	}
	os.Exit(constant.ExitStatusLoggedError)
}
