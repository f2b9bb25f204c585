// Package download fetches release files and checks them against the list of
// checksums that their publisher puts beside them.
package download

import (
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path"
	"strings"
	"time"

	"example.com/hello-world/offline/supply"
)

// giveUp bounds the attempt to reach a host: where there is no route, building
// should start within seconds.
const giveUp = 5 * time.Second

var client = &http.Client{Transport: &http.Transport{
	Proxy:                 http.ProxyFromEnvironment,
	DialContext:           (&net.Dialer{Timeout: giveUp}).DialContext,
	TLSHandshakeTimeout:   giveUp,
	ResponseHeaderTimeout: 4 * giveUp,
}}

// File downloads the file at address to the path to, and checks it against its
// line in the list of checksums at sums. The error is supply.ErrUnreachable
// where either cannot be had at all; a download that ends early or does not
// match is another error, and leaves nothing at to.
func File(ctx context.Context, address, sums, to string) (err error) {
	want, err := publishedSum(ctx, sums, path.Base(address))
	if err != nil {
		return err
	}
	body, err := get(ctx, address)
	if err != nil {
		return err
	}
	defer body.Close()
	file, err := os.Create(to)
	if err != nil {
		return err
	}
	defer func() {
		if err = errors.Join(err, file.Close()); err != nil {
			os.Remove(to)
		}
	}()
	sum, err := newHash(want)
	if err != nil {
		return fmt.Errorf("%s: %w", sums, err)
	}
	if _, err := io.Copy(io.MultiWriter(file, sum), body); err != nil {
		return fmt.Errorf("%s ended early: %w", address, err)
	}
	if got := hex.EncodeToString(sum.Sum(nil)); got != want {
		return fmt.Errorf("%s has the checksum %s, but %s says %s: refused", address, got, sums, want)
	}
	return nil
}

// publishedSum returns the checksum of the file called name from the list at
// address, whose lines are those of the sha256sum command.
func publishedSum(ctx context.Context, address, name string) (string, error) {
	body, err := get(ctx, address)
	if err != nil {
		return "", err
	}
	defer body.Close()
	list, err := io.ReadAll(io.LimitReader(body, 1<<20))
	if err != nil {
		return "", fmt.Errorf("%s ended early: %w", address, err)
	}
	for line := range strings.Lines(string(list)) {
		fields := strings.Fields(line)
		// A list for a single file may leave out its name.
		if len(fields) == 1 || len(fields) == 2 && path.Base(strings.TrimPrefix(fields[1], "*")) == name {
			return strings.ToLower(fields[0]), nil
		}
	}
	return "", fmt.Errorf("%s has no checksum for %s", address, name)
}

// newHash returns the hash function whose sums are as long as sum. Publishers
// differ in which one they use.
func newHash(sum string) (hash.Hash, error) {
	switch len(sum) {
	case 2 * sha1.Size:
		return sha1.New(), nil
	case 2 * sha256.Size:
		return sha256.New(), nil
	case 2 * sha512.Size:
		return sha512.New(), nil
	}
	return nil, fmt.Errorf("%q is no SHA-1, SHA-256 or SHA-512 checksum", sum)
}

func get(ctx context.Context, address string) (io.ReadCloser, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	response, err := client.Do(request)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, fmt.Errorf("%s %w", host(address), supply.ErrUnreachable)
	}
	if response.StatusCode == http.StatusNotFound || response.StatusCode == http.StatusForbidden {
		response.Body.Close()
		return nil, fmt.Errorf("%s (%s) %w", address, response.Status, supply.ErrUnreachable)
	}
	if response.StatusCode != http.StatusOK {
		response.Body.Close()
		return nil, fmt.Errorf("%s: %s", address, response.Status)
	}
	return response.Body, nil
}

func host(address string) string {
	parsed, err := url.Parse(address)
	if err != nil {
		return address
	}
	return parsed.Host
}
