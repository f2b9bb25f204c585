//go:build e2e

package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// readObjects has the stack's state tell what the program declares in the service's namespace.
func (b *bench) readObjects() error {
	said, err := b.Output("pulumi", "stack", "export")
	if err != nil {
		return err
	}
	var state struct {
		Deployment struct {
			Resources []struct{ Inputs json.RawMessage }
		}
	}
	if err := json.Unmarshal([]byte(said), &state); err != nil {
		return err
	}
	var all strings.Builder
	for _, resource := range state.Deployment.Resources {
		var object struct{ Metadata struct{ Namespace string } }
		if json.Unmarshal(resource.Inputs, &object) == nil && object.Metadata.Namespace == ours {
			var line bytes.Buffer
			if err := json.Compact(&line, resource.Inputs); err != nil {
				return err
			}
			all.WriteString("---\n" + line.String() + "\n")
		}
	}
	b.objects = all.String()
	return nil
}

var imageField = regexp.MustCompile(`"image":"[^"]*"`)

// copyObjects writes a copy of the objects, for another namespace and with another image, into a file. Further pairs are
// texts and what replaces them.
func (b *bench) copyObjects(namespace, image, file string, pairs ...string) error {
	pairs = append(pairs,
		`"namespace":"hello"`, `"namespace":"`+namespace+`"`,
		`"/hello"`, `"/`+namespace+`"`)
	text := strings.NewReplacer(pairs...).Replace(imageField.ReplaceAllLiteralString(b.objects, `"image":"`+image+`"`))
	return os.WriteFile(filepath.Join(b.Dir, file), []byte(text), 0o644)
}
