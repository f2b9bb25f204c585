package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
)

// dropFrom removes the missing capabilities from every list of the object at path in the
// JSON file, and leaves the rest of the file as it was.
func dropFrom(file string, missing []string, path ...string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber() // 64-bit limits must not become floating point
	var document map[string]any
	if err := decoder.Decode(&document); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	object := document
	for _, key := range path {
		object, _ = object[key].(map[string]any)
	}
	for set, list := range object {
		asked, _ := list.([]any)
		granted := make([]any, 0, len(asked))
		for _, capability := range asked {
			if name, _ := capability.(string); !slices.Contains(missing, name) {
				granted = append(granted, capability)
			}
		}
		object[set] = granted
	}
	text, err = json.Marshal(document)
	if err != nil {
		return err
	}
	return os.WriteFile(file, text, 0o600)
}
