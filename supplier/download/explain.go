package download

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/cenkalti/backoff/v5"

	"example.com/hello-world/supplier/supply"
)

// giveUp bounds the attempt to reach a host: without a route, building should start within seconds.
const giveUp = 5 * time.Second

var client = &http.Client{Transport: &http.Transport{
	Proxy:               http.ProxyFromEnvironment,
	DialContext:         (&net.Dialer{Timeout: giveUp}).DialContext,
	TLSHandshakeTimeout: 2 * giveUp,
	OnProxyConnectResponse: func(_ context.Context, proxy *url.URL, _ *http.Request, response *http.Response) error {
		if response.StatusCode != http.StatusOK {
			return errProxy{fmt.Errorf("%s answers %s", proxy.Host, response.Status)}
		}
		return nil
	},
}}

func ask(ctx context.Context, address string) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, backoff.Permanent(err)
	}
	return client.Do(request)
}

// errStalled says that a server has sent nothing for too long.
type errStalled struct{ after time.Duration }

func (e errStalled) Error() string { return fmt.Sprintf("it has sent nothing for %s", e.after) }

// errProxy says that a proxy does not lead to the publisher.
type errProxy struct{ cause error }

func (e errProxy) Error() string { return e.cause.Error() }

// checkAddress refuses an address that leads nowhere, such as one without a scheme.
func checkAddress(address string) error {
	parsed, err := url.Parse(address)
	if err != nil || parsed.Scheme != "http" && parsed.Scheme != "https" || parsed.Host == "" {
		return fmt.Errorf("%q is not an address: it must begin with https:// or http:// and a host", address)
	}
	return nil
}

// explain returns why a request got no answer, and what to do. An error that will not pass is permanent.
func explain(ctx context.Context, address string, err error) error {
	var (
		host        = hostOf(address)
		stalled     errStalled
		proxy       errProxy
		certificate *tls.CertificateVerificationError
		noTLS       tls.RecordHeaderError
		network     *net.OpError
		dns         *net.DNSError
	)
	if errors.As(context.Cause(ctx), &stalled) {
		return fmt.Errorf("%s: %w", address, stalled)
	}
	if ctx.Err() != nil {
		return backoff.Permanent(ctx.Err())
	}
	isNetwork := errors.As(err, &network)
	switch {
	case errors.As(err, &proxy), isNetwork && network.Op == "proxyconnect":
		if isNetwork {
			proxy.cause = network.Err
		}
		return backoff.Permanent(fmt.Errorf("%s: the proxy does not lead there: %w. HTTPS_PROXY and HTTP_PROXY name the proxy, NO_PROXY the hosts that need none", host, proxy))
	case errors.As(err, &certificate):
		return backoff.Permanent(fmt.Errorf("%s: its certificate is not trusted: %w. If a proxy of your network signs it, "+
			"add that authority to the system's, or name its file in SSL_CERT_FILE", host, certificate.Err))
	case errors.As(err, &noTLS), errors.Is(err, http.ErrSchemeMismatch):
		return backoff.Permanent(fmt.Errorf("%s answers, but not over HTTPS: if it is a mirror without TLS, its address begins with http://", host))
	case errors.As(err, &dns):
		return backoff.Permanent(fmt.Errorf("%s: %w (%s)", host, supply.ErrNoRoute, dns.Err))
	case isNetwork && network.Op == "dial" && network.Timeout():
		return backoff.Permanent(fmt.Errorf("%s: %w (no connection within %s)", host, supply.ErrNoRoute, giveUp))
	case isNetwork && network.Op == "dial":
		return backoff.Permanent(fmt.Errorf("%s: %w (%w)", host, supply.ErrNoRoute, network.Err))
	}
	var request *url.Error
	if errors.As(err, &request) {
		err = request.Err // without the address, which is already in front
	}
	return fmt.Errorf("%s: %w, in the last of %d tries", address, err, tries)
}

// explainStatus returns an error for any status but 200.
func explainStatus(address string, response *http.Response) error {
	switch status := response.StatusCode; {
	case status == http.StatusOK:
		return nil
	case status == http.StatusNotFound || status == http.StatusGone:
		return backoff.Permanent(fmt.Errorf("%s: %w (%s)", address, supply.ErrNotThere, response.Status))
	case status == http.StatusTooManyRequests || status >= 500:
		return fmt.Errorf("%s: %s, in the last of %d tries: try again later", address, response.Status, tries)
	default:
		return backoff.Permanent(fmt.Errorf("%s: %s: the publisher, or a proxy on the way there, refuses access", address, response.Status))
	}
}

func hostOf(address string) string {
	parsed, err := url.Parse(address)
	if err != nil {
		return address
	}
	return parsed.Host
}
