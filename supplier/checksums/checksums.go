// Package checksums reads and fills supplier/checksums.txt, which says by content what may be downloaded.
package checksums

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// File is where the checksums are, in the project's folder.
const File = "supplier/checksums.txt"

const header = `# The SHA-256 of each tool that is downloaded, by platform, and the digest of each image. A download that differs is refused,
# whatever its publisher or a mirror says. 'bin/ship tools pin' fills this file; docs/supply.md says what it is for.
`

// Key says what a checksum is of.
type Key struct {
	Name, Version string
	// Platform is such as linux/amd64; "" for an image, whose digest is that of all platforms.
	Platform string
}

func (k Key) String() string { return strings.TrimSpace(k.Name + " " + k.Version + " " + k.Platform) }

// List has checksums, each "sha256:" and 64 hexadecimal digits.
type List map[Key]string

// Asked is what the project asks for checksums of: names of tools for each of the platforms, and of images.
type Asked struct{ Tools, Platforms, Images []string }

// Names returns all names, in their order.
func (a Asked) Names() []string {
	return slices.Sorted(slices.Values(slices.Concat(a.Tools, a.Images)))
}

func (a Asked) has(key Key) bool {
	if key.Platform == "" {
		return slices.Contains(a.Images, key.Name)
	}
	return slices.Contains(a.Tools, key.Name) && slices.Contains(a.Platforms, key.Platform)
}

func (a Asked) String() string {
	return fmt.Sprintf("the tools %s, each for %s, and without a platform the images %s",
		strings.Join(a.Tools, ", "), strings.Join(a.Platforms, ", "), strings.Join(a.Images, ", "))
}

// Read reads the list of the project in the folder root. It refuses what is not asked for, but for other versions: those are of
// before or after an update.
func Read(root string, asked Asked) (List, error) {
	text, err := os.ReadFile(filepath.Join(root, File))
	if err != nil {
		return nil, err
	}
	return parse(string(text), asked)
}

var format = regexp.MustCompile(`^(\S+) (\S+) (?:([a-z]+/[a-z0-9]+) )?(sha256:[0-9a-f]{64})$`)

func parse(text string, asked Asked) (List, error) {
	list, lines := List{}, map[Key]int{}
	for i, line := range strings.Split(text, "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		found := format.FindStringSubmatch(line)
		if found == nil {
			return nil, fmt.Errorf("%s:%d: %q: accepted is NAME VERSION PLATFORM sha256:HEX with 64 digits, without PLATFORM for an image", File, i+1, line)
		}
		key, sum := Key{found[1], found[2], found[3]}, found[4]
		if !asked.has(key) {
			return nil, fmt.Errorf("%s:%d: nobody asks for %s: accepted are %s", File, i+1, key, asked)
		}
		if other := cmp.Or(list[key], sum); other != sum {
			return nil, fmt.Errorf("%s:%d: %s is %s, but line %d says %s: remove the wrong one", File, i+1, key, sum, lines[key], other)
		}
		list[key], lines[key] = sum, i+1
	}
	return list, nil
}

// Write writes the list of the project in the folder root.
func (l List) Write(root string) error {
	return os.WriteFile(filepath.Join(root, File), []byte(l.String()), 0o644)
}

func (l List) String() string {
	text := header
	for _, key := range l.sorted() {
		text += key.String() + " " + l[key] + "\n"
	}
	return text
}

// sorted returns the keys in the order of their lines.
func (l List) sorted() []Key {
	return slices.SortedFunc(maps.Keys(l), func(a, b Key) int { return strings.Compare(a.String(), b.String()) })
}

// Filled returns the list with what publishers show, and without what they were not asked for. It refuses to change a tool's
// checksum, unless replace has its name. An image's digest stays, too: its publisher may have built it again under the same tag,
// and what it was can still be pulled. moved says so.
func (l List) Filled(published List, replace []string) (filled List, moved []string, err error) {
	filled = List{}
	for _, key := range published.sorted() {
		before, now := cmp.Or(l[key], published[key]), published[key]
		switch {
		case before == now || slices.Contains(replace, key.Name):
			filled[key] = now
		case key.Platform == "":
			filled[key] = before
			moved = append(moved, fmt.Sprintf("%s: stays %s; its tag now leads to %s, which --replace %s takes", key, before, now, key.Name))
		default:
			err = errors.Join(err, fmt.Errorf("%s: %s has %s, but its publisher now shows %s: find out why; --replace %s takes it", key, File, before, now, key.Name))
		}
	}
	return filled, moved, err
}
