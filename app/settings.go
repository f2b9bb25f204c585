package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"path"
	"regexp"
	"strconv"
	"time"
)

// settings are all that you can configure. Each field names its environment variable; an empty one counts as unset.
type settings struct {
	port            uint16        // PORT: serves the greeting, 1…65535, default 8080
	adminPort       uint16        // ADMIN_PORT: serves health and metrics, another port, default 9090
	basePath        string        // BASE_PATH: the greeting answers here and below, default /hello
	self            identity      // POD_NAME, NODE_NAME, POD_IP: from the downward API, default this host's
	hidden          bool          // IDENTITY: shown, or hidden: clients get a made-up name instead, default shown
	drainDelay      time.Duration // DRAIN_DELAY: how long to keep serving after the signal to stop, default 10s
	shutdownTimeout time.Duration // SHUTDOWN_TIMEOUT: how long requests may take after that, default 10s
	logLevel        slog.Level    // LOG_LEVEL: debug (one line per request), info, warn or error, default info
}

// readSettings reads the settings from the environment. It returns all mistakes, not only the first; if there are any,
// use nothing of the settings but logLevel.
func readSettings(getenv func(string) string) (settings, []error) {
	env := environment{getenv: getenv}
	hostname, _ := os.Hostname()

	s := settings{
		port:      lookup(&env, "PORT", 8080, parsePort, portAccepted),
		adminPort: lookup(&env, "ADMIN_PORT", 9090, parsePort, portAccepted),
		basePath:  lookup(&env, "BASE_PATH", "/hello", parseBasePath, basePathAccepted),
		self: identity{
			Pod:  lookup(&env, "POD_NAME", hostname, parseText, "any text"),
			Node: lookup(&env, "NODE_NAME", hostname, parseText, "any text"),
			IP:   lookup(&env, "POD_IP", hostIP(), netip.ParseAddr, "an IP address").String(),
		},
		hidden:          lookup(&env, "IDENTITY", false, parseIdentity, "shown or hidden"),
		drainDelay:      lookup(&env, "DRAIN_DELAY", 10*time.Second, parseDelay, delayAccepted),
		shutdownTimeout: lookup(&env, "SHUTDOWN_TIMEOUT", 10*time.Second, parseDelay, delayAccepted),
		logLevel:        lookup(&env, "LOG_LEVEL", slog.LevelInfo, parseLevel, "debug, info, warn or error"),
	}
	if s.port == s.adminPort && s.port != 0 {
		env.refuse("ADMIN_PORT", strconv.Itoa(int(s.adminPort)), "a port other than PORT")
	}
	return s, env.mistakes
}

// environment reads variables and collects the mistakes in them.
type environment struct {
	getenv   func(string) string
	mistakes []error
}

func (e *environment) refuse(name, value, accepted string) {
	e.mistakes = append(e.mistakes, fmt.Errorf("%s is %q: it must be %s", name, value, accepted))
}

// lookup returns the parsed variable, fallback if it is unset, or the zero value if it refuses the text.
func lookup[T any](e *environment, name string, fallback T, parse func(string) (T, error), accepted string) T {
	text := e.getenv(name)
	if text == "" {
		return fallback
	}
	value, err := parse(text)
	if err != nil {
		e.refuse(name, text, accepted)
		return *new(T)
	}
	return value
}

// errRefused is all that a parser says: readSettings has what would be accepted.
var errRefused = errors.New("refused")

const (
	portAccepted     = "a port from 1 to 65535"
	basePathAccepted = "/ or a path such as /hello: no slash at the end, no . or .. segment, only letters, digits and -._~"
	delayAccepted    = "a duration from 0s up, such as 5s or 1m30s"
)

func parseText(text string) (string, error) { return text, nil }

func parsePort(text string) (uint16, error) {
	port, err := strconv.ParseUint(text, 10, 16)
	if err != nil || port == 0 {
		return 0, errRefused
	}
	return uint16(port), nil
}

// basePathShape leaves out what would need escaping in a URL, or has a meaning in a ServeMux pattern.
var basePathShape = regexp.MustCompile(`^[/A-Za-z0-9._~-]+$`)

func parseBasePath(text string) (string, error) {
	if text[0] != '/' || path.Clean(text) != text || !basePathShape.MatchString(text) {
		return "", errRefused
	}
	return text, nil
}

func parseDelay(text string) (time.Duration, error) {
	delay, err := time.ParseDuration(text)
	if err != nil || delay < 0 {
		return 0, errRefused
	}
	return delay, nil
}

func parseIdentity(text string) (hidden bool, err error) {
	if text != "shown" && text != "hidden" {
		return false, errRefused
	}
	return text == "hidden", nil
}

func parseLevel(text string) (slog.Level, error) {
	switch text {
	case "debug":
		return slog.LevelDebug, nil
	case "info":
		return slog.LevelInfo, nil
	case "warn":
		return slog.LevelWarn, nil
	case "error":
		return slog.LevelError, nil
	}
	return 0, errRefused
}

// hostIP returns the first address of this host that others can reach, or the loopback address if there is none.
func hostIP() netip.Addr {
	addresses, _ := net.InterfaceAddrs()
	for _, address := range addresses {
		if prefix, err := netip.ParsePrefix(address.String()); err == nil && prefix.Addr().IsGlobalUnicast() {
			return prefix.Addr()
		}
	}
	return netip.AddrFrom4([4]byte{127, 0, 0, 1})
}
