package images

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"regexp"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/creack/pty"
	"github.com/docker/go-units"

	"example.com/hello-world/supplier/download"
	"example.com/hello-world/supplier/supply"
)

// pull downloads an image from Docker Hub, its mirror, or the registry that its name begins with. Docker checks it against the
// digest. After an error that may pass, it tries again.
func (s Source) pull(ctx context.Context, log io.Writer, i image, progress func(string)) error {
	from, mirrored := s.reference(i)
	err := download.Default.Retry(ctx, func() error { return dockerPull(ctx, log, from, download.Default.Stall, progress) })
	if err != nil && mirrored {
		// The user named the mirror, so do not build instead.
		return fmt.Errorf("IMAGE_MIRROR=%s: %v: correct it, or unset it", s.Mirror, err)
	}
	if err != nil {
		return err
	}
	return docker(ctx, log, nil, "tag", from, i.name)
}

// reference returns what to pull, and whether that is from the user's mirror of Docker Hub.
func (s Source) reference(i image) (from string, mirrored bool) {
	from = i.name
	host, _, deep := strings.Cut(i.name, "/")
	if hub := !deep || !strings.ContainsAny(host, ".:"); hub {
		if !deep {
			from = "library/" + from
		}
		from = cmp.Or(s.Mirror, "docker.io") + "/" + from
		mirrored = s.Mirror != ""
	}
	if i.digest != "" {
		from = from[:strings.LastIndex(from, ":")] + "@" + i.digest
	}
	return from, mirrored
}

// dockerPull pulls an image once. Docker shows its progress only on a terminal, so it
// gets one. If it shows nothing new for as long as stall, dockerPull ends it.
func dockerPull(ctx context.Context, log io.Writer, image string, stall time.Duration, progress func(string)) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	stalled := time.AfterFunc(stall, func() { cancel(fmt.Errorf("it has sent nothing for %s", stall)) })
	defer stalled.Stop()

	fmt.Fprintf(log, "+ docker %q\n", []string{"pull", image})
	cmd := exec.CommandContext(ctx, "docker", "pull", image)
	terminal, err := pty.Start(cmd)
	if err != nil {
		return backoff.Permanent(err)
	}
	defer terminal.Close()
	var last string
	layers := arrived{}
	lines := bufio.NewScanner(terminal)
	lines.Split(scanTerminal)
	for lines.Scan() {
		line := strings.TrimSpace(control.ReplaceAllString(lines.Text(), ""))
		if line == "" {
			continue
		}
		stalled.Reset(stall)
		if layers.note(line) {
			progress(layers.String())
			continue
		}
		last = line
		fmt.Fprintln(log, line)
	}
	if err := cmd.Wait(); err != nil {
		if cause := context.Cause(ctx); cause != nil {
			return fmt.Errorf("%s: %w", image, cause)
		}
		return explainPull(image, last)
	}
	return nil
}

// control matches the sequences that move a terminal's cursor.
var control = regexp.MustCompile(`\x1b\[[0-9;?]*[A-Za-z]`)

// scanTerminal splits at the end of a line, and where a line is rewritten.
func scanTerminal(data []byte, atEOF bool) (advance int, token []byte, err error) {
	if end := bytes.IndexAny(data, "\r\n"); end >= 0 {
		return end + 1, data[:end], nil
	}
	if atEOF && len(data) > 0 {
		return len(data), data, nil
	}
	return 0, nil, nil
}

// arrived is how much of each layer has arrived, in bytes.
type arrived map[string]struct{ read, size int64 }

var layer = regexp.MustCompile(`^([0-9a-f]{12}): Downloading .* ([0-9.]+[kMGT]?B)/([0-9.]+[kMGT]?B)$`)

// note takes a line of docker pull, and reports whether it was about a layer.
func (a arrived) note(line string) bool {
	told := layer.FindStringSubmatch(line)
	if told == nil {
		return strings.Contains(line, ": Extracting ")
	}
	read, err1 := units.FromHumanSize(told[2])
	size, err2 := units.FromHumanSize(told[3])
	if err1 == nil && err2 == nil {
		a[told[1]] = struct{ read, size int64 }{read, size}
	}
	return true
}

func (a arrived) String() string {
	var read, size int64
	for _, of := range a {
		read, size = read+of.read, size+of.size
	}
	return download.Far(read, size)
}

// What Docker says about a failed pull, in the words of its engine and of registries.
var (
	proxyFails = regexp.MustCompile(`proxyconnect|Proxy Authentication`)
	noRoute    = regexp.MustCompile(`no such host|connection refused|network is unreachable|no route to host|i/o timeout|server misbehaving|name resolution|request canceled while waiting for connection`)
	notThere   = regexp.MustCompile(`manifest unknown|not found|name unknown`)
	mayPass    = regexp.MustCompile(`toomanyrequests|too many requests|429|unexpected HTTP status: 5|status code 5|EOF|connection reset|TLS handshake timeout|stream error`)
	todo       = []struct {
		says *regexp.Regexp
		do   string
	}{
		{proxyFails, "that is the proxy in Docker's own settings: https://docs.docker.com/engine/daemon/proxy/"},
		{regexp.MustCompile(`x509|certificate`), "if a proxy of your network signs its certificate, make Docker trust that authority: https://docs.docker.com/engine/security/certificates/"},
		{regexp.MustCompile(`unauthorized|denied|40[13]`), "log in with docker login, or name another registry in IMAGE_MIRROR"},
		{regexp.MustCompile(`toomanyrequests|too many requests|429`), "log in with docker login, which raises the limit, or try again later"},
		{regexp.MustCompile(`no space left`), "free some: docker system df shows what takes it"},
	}
)

// explainPull returns the error of a pull that ended with these words.
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
