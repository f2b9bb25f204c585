package kubeconfig

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

// patience is how long a cluster, or a command that gives the credentials for it, may take to answer.
const patience = 10 * time.Second

// Reach connects to the cluster of a context and asks for its version. An error says in plain words why the cluster cannot
// be used.
//
// Reach also presents the credentials, to find wrong ones, and runs the plugin that prints them, if there is one.
func (c Config) Reach(ctx context.Context, name string) (*Connection, error) {
	if context := c.Contexts[name]; context == nil || c.Clusters[context.Cluster] == nil || c.Clusters[context.Cluster].Server == "" {
		return nil, errors.New("the kubeconfig does not say where its cluster is")
	}
	config, err := clientcmd.NewNonInteractiveClientConfig(*c.Config, name, &clientcmd.ConfigOverrides{}, nil).ClientConfig()
	if err != nil {
		return nil, fmt.Errorf("the kubeconfig cannot be used: %w", err)
	}
	// Without them, the Kubernetes provider would ask for a name and a password, and wait forever.
	if !hasCredentials(config) && strings.HasPrefix(config.Host, "https:") {
		return nil, errors.New("the kubeconfig has no credentials for it")
	}
	client, err := rest.HTTPClientFor(config)
	if err != nil {
		return nil, fmt.Errorf("the kubeconfig cannot be used: %w", err)
	}
	// A cluster answers itself. A redirect comes from something like a login page.
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

	connection := &Connection{config.Host, client, config}
	status, _, err := connection.Get(ctx, "/version")
	if err != nil {
		if config.ExecProvider != nil {
			err = fmt.Errorf("%w; the command %s gives the credentials: run 'kubectl version', which may say more, or ask you to log in", err, config.ExecProvider.Command)
		}
		return nil, err
	}
	switch status {
	case http.StatusOK, http.StatusForbidden:
		return connection, nil
	case http.StatusUnauthorized:
		return nil, fmt.Errorf("%s does not accept the kubeconfig's credentials: they are wrong or have expired", config.Host)
	default:
		return nil, fmt.Errorf("%s answers %q, as a Kubernetes cluster would not", config.Host, named(status))
	}
}

func hasCredentials(config *rest.Config) bool {
	return config.BearerToken != "" || config.BearerTokenFile != "" || config.Username != "" || config.ExecProvider != nil ||
		config.AuthProvider != nil || len(config.CertData) > 0 || config.CertFile != ""
}

// explain says what went wrong, the cause first.
func explain(server string, err error) error {
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%s does not answer within %s", server, patience)
	case errors.As(err, &certificate):
		return fmt.Errorf("%s presents a certificate that the kubeconfig does not trust: %w", server, certificate.Err)
	}
	var inner *url.Error
	if errors.As(err, &inner) {
		err = inner.Err // without the URL, which is already in the message
	}
	return fmt.Errorf("%s does not answer: %w", server, err)
}
