package images

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/cenkalti/backoff/v5"

	"example.com/hello-world/supplier/supply"
)

// What Docker says about a failed pull, in the words of its engine and of registries.
var (
	proxyFails = regexp.MustCompile(`proxyconnect|Proxy Authentication`)
	noRoute    = regexp.MustCompile(`no such host|connection refused|network is unreachable|no route to host|i/o timeout|server misbehaving|name resolution|request canceled while waiting for connection`)
	notThere   = regexp.MustCompile(`manifest unknown|not found|name unknown`)
	mayPass    = regexp.MustCompile(`toomanyrequests|too many requests|\b429\b|unexpected HTTP status: 5|status code 5|EOF|connection reset|TLS handshake timeout|stream error`)
	todo       = []struct {
		says *regexp.Regexp
		do   string
	}{
		{proxyFails, "that is the proxy in Docker's own settings: https://docs.docker.com/engine/daemon/proxy/"},
		{regexp.MustCompile(`x509|certificate`), "if a proxy of your network signs its certificate, make Docker trust that authority: https://docs.docker.com/engine/security/certificates/"},
		{regexp.MustCompile(`unauthorized|denied|no basic auth credentials|\b40[13]\b`), "log in with docker login, or name another registry in IMAGE_MIRROR"},
		{regexp.MustCompile(`toomanyrequests|too many requests|\b429\b`), "log in with docker login, which raises the limit, or try again later"},
		{regexp.MustCompile(`no space left`), "free some: docker system df shows what takes it"},
	}
)

// explainPull returns the error of a pull that ended with these words. They say more than the type of the engine's error: it
// passes most errors of registries on as its own (500), or after its answer has begun.
func explainPull(image, said string) error {
	said = strings.TrimPrefix(said, "Error response from daemon: ")
	registry, _, _ := strings.Cut(image, "/")
	switch proxy := proxyFails.MatchString(said); {
	case !proxy && noRoute.MatchString(said):
		return backoff.Permanent(fmt.Errorf("%s: %w (%s)", registry, supply.ErrNoRoute, noRoute.FindString(said)))
	case !proxy && notThere.MatchString(said):
		return backoff.Permanent(fmt.Errorf("%s: %w", image, supply.ErrNotThere))
	}
	err := errors.New(image + ": " + said)
	for _, about := range todo {
		if about.says.MatchString(said) {
			err = fmt.Errorf("%w; %s", err, about.do)
			break
		}
	}
	if mayPass.MatchString(said) {
		return err
	}
	return backoff.Permanent(err)
}
