package checkout

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/config"
	"go.yaml.in/yaml/v3"
)

// StackFile is a stack's configuration. Pulumi's own package for it would ask the terminal for its colours, and wait five
// seconds for one that does not say.
type StackFile struct {
	EncryptionSalt string
	EncryptedKey   string
	Config         config.Map

	path    string
	root    yaml.Node // as it is written, with its comments
	project string
}

// ReadStack reads a stack's configuration. One without a file is empty.
func (c Checkout) ReadStack(stack string) (*StackFile, error) {
	f := &StackFile{path: c.StackFile(stack), project: c.Project, Config: config.Map{}}
	text, err := os.ReadFile(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return f, nil
	}
	if err == nil {
		err = errors.Join(yaml.Unmarshal(text, f), yaml.Unmarshal(text, &f.root))
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.path, err)
	}
	return f, nil
}

// Set reports whether a key of the project is set.
func (f *StackFile) Set(key string) bool {
	_, set := f.Config[config.MustMakeKey(f.project, key)]
	return set
}

// Text returns the value of a key of the project; "" if it is not set, or a secret.
func (f *StackFile) Text(key string) string {
	value := f.Config[config.MustMakeKey(f.project, key)]
	if value.Secure() {
		return ""
	}
	text, _ := value.Value(config.NopDecrypter)
	return text
}

// Change sets a key of the project, or removes it if the value is nil, and leaves all else as it is written.
func (f *StackFile) Change(key string, value *config.Value) error {
	if f.root.Kind == 0 {
		f.root = yaml.Node{Kind: yaml.DocumentNode, Content: []*yaml.Node{{Kind: yaml.MappingNode}}}
	}
	keys := under(f.root.Content[0], "config")
	if keys == nil {
		keys = &yaml.Node{Kind: yaml.MappingNode}
		f.root.Content[0].Content = append(f.root.Content[0].Content, &yaml.Node{Kind: yaml.ScalarNode, Value: "config"}, keys)
	}
	name := f.project + ":" + key
	for i := 0; i < len(keys.Content); i += 2 {
		if keys.Content[i].Value == name {
			keys.Content = append(keys.Content[:i], keys.Content[i+2:]...)
			break
		}
	}
	if value != nil {
		var node yaml.Node
		if err := node.Encode(*value); err != nil {
			return err
		}
		keys.Content = append(keys.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: name}, &node)
	}
	var text bytes.Buffer
	encoder := yaml.NewEncoder(&text)
	encoder.SetIndent(2)
	if err := errors.Join(encoder.Encode(&f.root), encoder.Close()); err != nil {
		return err
	}
	return os.WriteFile(f.path, text.Bytes(), 0o644)
}

// under returns the value of a key of a mapping; nil if it is not there.
func under(mapping *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == key {
			return mapping.Content[i+1]
		}
	}
	return nil
}
