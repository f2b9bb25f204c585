// Package service looks at the service that a stack runs.
package service

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"example.com/hello-world/infra/config"
	"example.com/hello-world/infra/kubeconfig"
	"example.com/hello-world/ship/checkout"
	"example.com/hello-world/ship/pulumi"
)

// Service is what a stack's outputs say about its service.
type Service struct {
	Stack string `json:"-"`

	URL, HealthURL, Try, Image, Context, Namespace, App string

	Images   map[string]string // of further servers, by name
	SignedBy string            // the PEM of the key that signs what is attached to the images; "" if there is none
	Replicas int
	Beside   []string // the names of the Deployments beside the server's
	Database string   // its namespace; "" if it has none

	// Kubeconfig is a kubeconfig's contents; "" if the context is in the files that kubectl reads.
	Kubeconfig string `json:"-"`
}

// Of returns the service of a stack, which must have been brought up.
func Of(ctx context.Context, c checkout.Checkout, cli pulumi.CLI) (s Service, err error) {
	if err := c.HasTools(); err != nil {
		return s, err
	}
	outputs, err := cli.Output(ctx, "stack", "output", "--json")
	if err != nil {
		return s, fmt.Errorf("stack %s cannot be read: %w\n  'pulumi stack ls' lists the stacks, 'make up STACK=%[1]s' makes one", cli.Stack, err)
	}
	if err := json.Unmarshal([]byte(outputs), &s); err != nil {
		return s, err
	}
	s.Stack = cli.Stack
	if s.Context == "" {
		return s, fmt.Errorf("stack %s runs nothing yet: run 'make up STACK=%s'", cli.Stack, cli.Stack)
	}
	s.App = cmp.Or(s.App, "hello") // as earlier versions call it without saying so
	s.HealthURL = cmp.Or(s.HealthURL, s.URL)
	s.Kubeconfig, err = kubeconfigOf(ctx, c, cli)
	return s, err
}

// Credentials returns those that the stack's nodes pull the images with.
func Credentials(ctx context.Context, c checkout.Checkout, cli pulumi.CLI) (found config.Credentials, err error) {
	file, err := c.ReadStack(cli.Stack)
	if err != nil {
		return found, err
	}
	for _, who := range []string{"pull", "registry"} {
		if file.Set(who + "Username") {
			password, err := cli.Output(ctx, "config", "get", who+"Password")
			return config.Credentials{Username: file.Text(who + "Username"), Password: config.Secret(password)}, err
		}
	}
	return found, nil
}

// kubeconfigOf returns the kubeconfig that the stack's configuration names, found as the program finds it.
func kubeconfigOf(ctx context.Context, c checkout.Checkout, cli pulumi.CLI) (string, error) {
	file, err := c.ReadStack(cli.Stack)
	if err != nil {
		return "", err
	}
	if file.Set("kubeconfig") {
		return cli.Output(ctx, "config", "get", "kubeconfig")
	}
	output, set := config.ParseStackOutput(file.Text("clusterStack"))
	if !set {
		return "", nil
	}
	cli.Stack = output.Stack
	return cli.Output(ctx, "stack", "output", output.Name, "--show-secrets")
}

// Idle says that no server runs.
func (s Service) Idle() string {
	if len(s.Beside) > 0 {
		return "no server runs, because replicas is 0; others: " + strings.Join(s.Beside, ", ")
	}
	return "nothing runs, because replicas is 0"
}

// Selector selects the Pods of all Deployments by their labels.
func (s Service) Selector() string {
	return "app in (" + strings.Join(append([]string{s.App}, s.Beside...), ",") + ")"
}

// Reach connects to the service's cluster. The error says how to start one that is on kind.
func (s Service) Reach(ctx context.Context) (*kubeconfig.Connection, error) {
	found, err := kubeconfig.Read(kubeconfig.Files())
	if s.Kubeconfig != "" {
		found, err = kubeconfig.Parse(s.Kubeconfig)
	}
	if err != nil {
		return nil, err
	}
	connection, err := found.Reach(ctx, s.Context)
	if err != nil {
		return nil, fmt.Errorf("the cluster cannot be used: %w\n  to start it, if it is the one on kind:   make up STACK=%s", err, s.Stack)
	}
	return connection, nil
}
