package config

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"

	"example.com/hello-world/infra/attestation/signature"
)

// value turns the text of one key into a field of C, which is a Config, or an entry of a map in one.
type value[C any] struct {
	accepts string                        // follows "it must be"
	set     func(of *C, text string) bool // false: the text is not accepted, and the field unchanged
	wrong   func(text string) string      // what is wrong with an entry of the text, as words behind the key; may be nil, and return ""
}

// form is a set of texts.
type form struct {
	accepts string
	holds   func(text string) bool
}

func matching[C any, T ~string](field func(*C) *T, form form) value[C] {
	return value[C]{accepts: form.accepts, set: func(of *C, text string) bool {
		if !form.holds(text) {
			return false
		}
		*field(of) = T(text)
		return true
	}}
}

func oneOf[C any, T ~string](field func(*C) *T, options ...T) value[C] {
	names := make([]string, len(options))
	for i, option := range options {
		names[i] = string(option)
	}
	last := len(names) - 1
	return matching(field, form{
		accepts: strings.Join(names[:last], ", ") + " or " + names[last],
		holds:   func(text string) bool { return slices.Contains(names, text) },
	})
}

func wholeNumber[C any](field func(*C) *int, from, to int) value[C] {
	return value[C]{accepts: fmt.Sprintf("a whole number from %d to %d", from, to), set: func(of *C, text string) bool {
		number, err := strconv.Atoi(text)
		if err != nil || strconv.Itoa(number) != text || number < from || number > to {
			return false
		}
		*field(of) = number
		return true
	}}
}

func boolean[C any](field func(*C) *bool) value[C] {
	return value[C]{accepts: "true or false", set: func(of *C, text string) bool {
		if text != "true" && text != "false" {
			return false
		}
		*field(of) = text == "true"
		return true
	}}
}

// mostInMap is how many bytes a map or a list may have in all. Pulumi hands all values to the program as one variable, which on
// Linux may have 128 KiB. Kubernetes accepts twice as much in an object's annotations, including what others add.
const mostInMap = 120_000

// mapOf accepts a JSON object, as Pulumi passes a map.
func mapOf[C any, T ~string](field func(*C) *map[string]T, name, entry form) value[C] {
	read := func(text string) (texts map[string]T, wrong string, ok bool) {
		var object map[string]any
		if len(text) > mostInMap || !decode(text, &object) || object == nil {
			return nil, "", false
		}
		texts = make(map[string]T, len(object))
		for _, key := range slices.Sorted(maps.Keys(object)) {
			plain, ok := plainText(object[key])
			if !ok || !name.holds(key) || !entry.holds(plain) {
				return nil, quoted(key) + ": " + asJSON(object[key]), false
			}
			texts[key] = T(plain)
		}
		return texts, "", true
	}
	accepts := fmt.Sprintf("a map from %s to %s, of at most %d bytes", name.accepts, entry.accepts, mostInMap)
	return withEntries(accepts, field, read)
}

// listOf accepts a JSON list, as Pulumi passes a list.
func listOf[C any](field func(*C) *[]string, entry form) value[C] {
	read := func(text string) (texts []string, wrong string, ok bool) {
		var list []any
		if len(text) > mostInMap || !decode(text, &list) || list == nil {
			return nil, "", false
		}
		texts = make([]string, len(list))
		for i, given := range list {
			plain, ok := plainText(given)
			if !ok || !entry.holds(plain) {
				return nil, asJSON(given), false
			}
			texts[i] = plain
		}
		return texts, "", true
	}
	accepts := fmt.Sprintf(`a list of %s, such as ["--verbose", "serve"], of at most %d bytes`, entry.accepts, mostInMap)
	return withEntries(accepts, field, read)
}

// withEntries is the value of a map or a list. If read does not accept a text because of one entry, it returns that for a
// message.
func withEntries[C, T any](accepts string, field func(*C) *T, read func(text string) (entries T, wrong string, ok bool)) value[C] {
	return readBy(accepts, field, func(text string) (entries T, wrong string, ok bool) {
		entries, wrong, ok = read(text)
		if wrong != "" {
			wrong = fmt.Sprintf("has %s: it must be %s", wrong, accepts)
		}
		return entries, wrong, ok
	})
}

// readBy is a value that read reads as a whole. If read does not accept a text because of one entry, it says what is wrong with
// that, as words behind the key.
func readBy[C, T any](accepts string, field func(*C) *T, read func(text string) (whole T, wrong string, ok bool)) value[C] {
	return value[C]{
		accepts: accepts,
		set: func(of *C, text string) bool {
			whole, _, ok := read(text)
			if ok {
				*field(of) = whole
			}
			return ok
		},
		wrong: func(text string) string {
			_, wrong, _ := read(text)
			return wrong
		},
	}
}

// decode reads a text that is a single JSON value.
func decode(text string, into any) bool {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	if decoder.Decode(into) != nil {
		return false
	}
	_, err := decoder.Token()
	return err == io.EOF // More does not see a bracket too many
}

// asJSON returns an entry of a map or a list for a message.
func asJSON(entry any) string {
	if text, ok := entry.(string); ok {
		return quoted(text)
	}
	encoded, _ := json.Marshal(entry) // it was decoded
	return cut(string(encoded))
}

// plainText returns an entry of a map or a list as text. That includes numbers and booleans: `pulumi config set --path` and
// YAML turn `1` and `true` into these unasked.
func plainText(entry any) (text string, ok bool) {
	switch entry.(type) {
	case string, bool, json.Number:
		return fmt.Sprint(entry), true
	}
	return "", false
}

// InEnv says that the entries of a Secret become environment variables.
const InEnv = "env"

func kubeconfigContents() value[Config] {
	return value[Config]{accepts: "the contents of a kubeconfig with at least one context", set: func(config *Config, text string) bool {
		return config.setKubeconfig(Secret(text))
	}}
}

// Names have the forms that Kubernetes, Docker and Go's net package accept, so that none fails there halfway through an update.
var (
	// No process can have a zero byte in a variable or an argument.
	text = form{"text without zero bytes", func(text string) bool { return !strings.ContainsRune(text, 0) }}

	anyText = form{"text that is not empty, of at most 16384 bytes", func(text string) bool {
		return strings.TrimSpace(text) != "" && len(text) <= 16384
	}}

	// What comes before the colon is the name to whoever decodes a login.
	userName = form{"text that is not empty, of at most 16384 bytes, without a colon", func(text string) bool {
		return anyText.holds(text) && !strings.Contains(text, ":")
	}}

	dnsLabel = kubernetes("1 to 63 lower-case letters, digits and dashes, with no dash at either end", validation.IsDNS1123Label)

	dnsName = kubernetes("a Kubernetes name: lower-case letters, digits, dashes and dots, at most 253", validation.IsDNS1123Subdomain)

	hostName = form{"a lower-case host name such as hello.example.com, not an IP address", isHostName}

	hostPort = form{"a host and a port, such as 127.0.0.1:8080", isHostPort}

	urlPath = form{
		"/ or a path such as /hello: no slash at the end, no . or .. segment, only letters, digits and -._~",
		func(text string) bool {
			return strings.HasPrefix(text, "/") && path.Clean(text) == text && plainPath.MatchString(text)
		},
	}
	plainPath = regexp.MustCompile(`^[/A-Za-z0-9._~-]+$`)

	registry = form{"a registry host, with a port or a path if needed, such as localhost:5001 or ghcr.io/me", isRegistry}

	secretName = kubernetes("names of Secrets", validation.IsDNS1123Subdomain)

	envOrFolder = form{InEnv + ", or a folder such as /etc/certificates", func(text string) bool {
		return text == InEnv || folder.holds(text)
	}}

	folder = form{"a folder such as /data", func(text string) bool { return urlPath.holds(text) && text != "/" }}

	pinnedImage = shape("an image pinned by digest, such as ghcr.io/me/hello-world@sha256:… with 64 hex digits", 512,
		registryPattern+`/`+repositoryPattern+`(:[\w][\w.-]{0,127})?@sha256:[0-9a-f]{64}`)

	ed25519Key = form{"the PEM of an Ed25519 key, as `openssl genpkey -algorithm ed25519` prints it, or, with image, of its public half", func(text string) bool {
		return signature.PublicHalf(text) != ""
	}}

	variableName = shape("names of letters, digits and underscores", 255, `[A-Za-z_][A-Za-z0-9_]*`)

	annotationName = kubernetes("annotation names such as example.com/name", validation.IsQualifiedName)

	labelName = kubernetes("label names such as example.com/name", validation.IsQualifiedName)

	// The namespace's labels for the restricted Pod Security Standard stay.
	namespaceLabel = form{"label names such as example.com/name (but none of pod-security.kubernetes.io)", func(text string) bool {
		return labelName.holds(text) && !strings.HasPrefix(text, "pod-security.kubernetes.io/") && text != "kubernetes.io/metadata.name"
	}}

	labelValue = kubernetes("text of at most 63 letters, digits and -_., with a letter or digit at either end", validation.IsValidLabelValue)
)

const (
	// repositoryPattern is a path component of an image name.
	repositoryPattern = `[a-z0-9]+((\.|__?|-+)[a-z0-9]+)*`

	// registryPattern demands a dot, a port or "localhost" in the host: without one, Docker takes the first
	// component for a user name on Docker Hub.
	registryPattern = `(localhost(:[0-9]{1,5})?|[a-z0-9-]+(\.[a-z0-9-]+)+(:[0-9]{1,5})?|[a-z0-9-]+:[0-9]{1,5})` +
		`(/` + repositoryPattern + `)*`
)

func shape(accepts string, longest int, pattern string) form {
	whole := regexp.MustCompile(`^(?:` + pattern + `)$`)
	return form{accepts, func(text string) bool { return len(text) <= longest && whole.MatchString(text) }}
}

// kubernetes is the form of a text in which Kubernetes finds nothing wrong.
func kubernetes(accepts string, wrong func(text string) []string) form {
	return form{accepts, func(text string) bool { return len(wrong(text)) == 0 }}
}

func isHostName(text string) bool {
	labels := strings.Split(text, ".")
	return dnsName.holds(text) && net.ParseIP(text) == nil &&
		!slices.ContainsFunc(labels, func(label string) bool { return !dnsLabel.holds(label) })
}

var registryWords = regexp.MustCompile(`^(?:` + registryPattern + `)$`)

func isRegistry(text string) bool {
	host, _, _ := strings.Cut(text, "/")
	_, port, hasPort := strings.Cut(host, ":")
	return len(text) <= 255 && registryWords.MatchString(text) && (!hasPort || isPort(port))
}

func isPort(text string) bool {
	number, err := strconv.ParseUint(text, 10, 16)
	return err == nil && number > 0 && strconv.FormatUint(number, 10) == text
}

func isHostPort(text string) bool {
	host, port, err := net.SplitHostPort(text)
	return err == nil && isPort(port) && (net.ParseIP(host) != nil || isHostName(host))
}

// OnThisMachine reports whether an address, a host and a port, is on this machine.
func OnThisMachine(address string) bool {
	host, _, err := net.SplitHostPort(address)
	return err == nil && (host == "localhost" || net.ParseIP(host).IsLoopback())
}
