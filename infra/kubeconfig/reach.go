package kubeconfig

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

// cluster is where a cluster is, and what its certificate has to be.
type cluster struct {
	Server   string
	CA       string `yaml:"certificate-authority-data"`
	CAFile   string `yaml:"certificate-authority"`
	Insecure bool   `yaml:"insecure-skip-tls-verify"`
	TLSName  string `yaml:"tls-server-name"`
	ProxyURL string `yaml:"proxy-url"`
}

// user is who asks.
type user struct {
	Certificate     string `yaml:"client-certificate-data"`
	CertificateFile string `yaml:"client-certificate"`
	KeyData         string `yaml:"client-key-data"`
	KeyFile         string `yaml:"client-key"`
	Token           string
	TokenFile       string `yaml:"tokenFile"`
	Username        string
	Password        string
	Plugin          *plugin   `yaml:"exec"`
	AuthProvider    *struct{} `yaml:"auth-provider"` // the predecessor of plugins
}

// nobody is a user without credentials.
var nobody user

// patience is how long a cluster may take to answer.
const patience = 10 * time.Second

// Reach connects to the cluster of a context and asks for its version. An error says in plain words why nothing can be
// done there.
//
// The credentials are shown, too, so that wrong ones are found, and a plugin that prints them is run.
func (c Config) Reach(ctx context.Context, name string) (*Connection, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()

	cluster, user := c.find(name)
	if cluster.Server == "" {
		return nil, errors.New("the kubeconfig does not say where its cluster is")
	}
	// The Kubernetes provider would ask for a name and a password, and wait for ever.
	if user == nobody && strings.HasPrefix(cluster.Server, "https:") {
		return nil, errors.New("the kubeconfig has no credentials for it")
	}
	if user.Plugin != nil {
		var err error
		if user, err = user.Plugin.run(ctx, cluster); err != nil {
			return nil, err
		}
	}
	client, err := client(cluster, user)
	if err != nil {
		return nil, err
	}
	connection := &Connection{cluster.Server, user, client}
	response, _, err := connection.get(ctx, "/version")
	if err != nil {
		return nil, err
	}
	switch response.StatusCode {
	case http.StatusOK, http.StatusForbidden:
		return connection, nil
	case http.StatusUnauthorized:
		if user.AuthProvider != nil {
			return connection, nil // nothing was shown
		}
		return nil, fmt.Errorf("%s does not accept the kubeconfig's credentials: they are wrong or have expired", cluster.Server)
	default:
		return nil, fmt.Errorf("%s answers %q, which is not the answer of a Kubernetes cluster", cluster.Server, response.Status)
	}
}

// explain puts what went wrong into words that name the cause first.
func explain(server string, err error) error {
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%s does not answer within %s", server, patience)
	case errors.As(err, &certificate):
		return fmt.Errorf("%s has a certificate that is not the one of the kubeconfig's cluster: %w", server, certificate.Err)
	}
	var inner *url.Error
	if errors.As(err, &inner) {
		err = inner.Err // without the URL, which the message has already
	}
	return fmt.Errorf("%s does not answer: %w", server, err)
}

func client(cluster cluster, user user) (*http.Client, error) {
	settings := &tls.Config{ServerName: cluster.TLSName, InsecureSkipVerify: cluster.Insecure}
	if authority, err := contents(cluster.CA, cluster.CAFile); err != nil {
		return nil, err
	} else if authority != nil {
		settings.RootCAs = x509.NewCertPool()
		if !settings.RootCAs.AppendCertsFromPEM(authority) {
			return nil, errors.New("the kubeconfig's certificate-authority holds no certificate")
		}
	}
	certificate, err := contents(user.Certificate, user.CertificateFile)
	if err != nil {
		return nil, err
	}
	key, err := contents(user.KeyData, user.KeyFile)
	if err != nil {
		return nil, err
	}
	if certificate != nil && key != nil {
		pair, err := tls.X509KeyPair(certificate, key)
		if err != nil {
			return nil, errors.New("the kubeconfig's client certificate and key do not belong together")
		}
		settings.Certificates = []tls.Certificate{pair}
	}
	proxy := http.ProxyFromEnvironment
	if cluster.ProxyURL != "" {
		address, err := url.Parse(cluster.ProxyURL)
		if err != nil {
			return nil, errors.New("the kubeconfig's proxy-url is not a URL")
		}
		proxy = http.ProxyURL(address)
	}
	return &http.Client{
		Transport: &http.Transport{TLSClientConfig: settings, Proxy: proxy},
		// A cluster answers itself. Who sends elsewhere is something like a login page.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}, nil
}

// sign shows the credentials that go into a header.
func (u user) sign(request *http.Request) error {
	token := u.Token
	if u.TokenFile != "" { // wins over the token, as it does in client-go
		contents, err := os.ReadFile(u.TokenFile)
		if err != nil {
			return fmt.Errorf("the kubeconfig's token cannot be read: %w", err)
		}
		token = strings.TrimSpace(string(contents))
	}
	switch {
	case token != "":
		request.Header.Set("Authorization", "Bearer "+token)
	case u.Username != "":
		request.SetBasicAuth(u.Username, u.Password)
	}
	return nil
}

// contents is base64 data or, without any, the contents of a file; nil if neither is given.
func contents(data, file string) ([]byte, error) {
	switch {
	case data != "":
		decoded, err := base64.StdEncoding.DecodeString(data)
		if err != nil {
			return nil, errors.New("the kubeconfig's certificate or key data is not base64")
		}
		return decoded, nil
	case file != "":
		contents, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("a file of the kubeconfig cannot be read: %w", err)
		}
		return contents, nil
	}
	return nil, nil
}
