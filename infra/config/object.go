package config

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// fields are those of an object in the configuration.
type fields[T any] []field[T]

type field[T any] struct {
	name     string
	preset   string // if the object lacks the field; "" leaves it unset
	required bool
	value    value[T]
}

// String says what an object may have.
func (f fields[T]) String() string {
	var names []string
	for _, field := range f {
		name := field.name
		switch {
		case field.required:
			name += " (required)"
		case field.preset != "":
			name += " (" + field.preset + ")"
		}
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}

// objectsOf accepts a JSON object of objects with these fields.
func objectsOf[T any](field func(*Config) *map[string]T, name form, of fields[T]) value[Config] {
	accepts := fmt.Sprintf("a map from names, which are %s, to maps with %s, of at most %d bytes", name.accepts, of, mostInMap)
	return readBy(accepts, field, func(text string) (all map[string]T, wrong string, ok bool) {
		var given map[string]json.RawMessage
		if len(text) > mostInMap || !decode(text, &given) || given == nil {
			return nil, "", false
		}
		all = map[string]T{}
		for _, key := range slices.Sorted(maps.Keys(given)) {
			if !name.holds(key) {
				return nil, fmt.Sprintf("has %s: a name must be %s", quoted(key), name.accepts), false
			}
			read, wrong := of.read(string(given[key]))
			if wrong != "" {
				return nil, "has " + key + ", which " + wrong, false
			}
			all[key] = read
		}
		return all, "", true
	})
}

// objectOf accepts a JSON object with these fields.
func objectOf[T any](field func(*Config) *T, of fields[T]) value[Config] {
	return readBy("a map with "+of.String(), field, func(text string) (read T, wrong string, ok bool) {
		read, wrong = of.read(text)
		ok = wrong == ""
		if !strings.HasPrefix(text, "{") {
			wrong = "" // it is no map
		}
		return read, wrong, ok
	})
}

// read reads one object. It returns what is wrong with it, as words behind its name.
func (f fields[T]) read(text string) (object T, wrong string) {
	var given map[string]any
	if !decode(text, &given) || given == nil {
		return object, fmt.Sprintf("is %s: it must be a map with %s", cut(text), f)
	}
	for _, stranger := range slices.Sorted(maps.Keys(given)) {
		if !slices.ContainsFunc(f, func(known field[T]) bool { return known.name == stranger }) {
			return object, fmt.Sprintf("has %s: it may have %s", quoted(stranger), f)
		}
	}
	for _, field := range f {
		entry, is := given[field.name]
		written, plain := plainText(entry)
		switch {
		case !is && field.required:
			return object, fmt.Sprintf("has no %s: it must be %s", field.name, field.value.accepts)
		case !is && field.preset == "":
			continue
		case !is:
			written = field.preset
		case !plain:
			encoded, _ := json.Marshal(entry) // it was decoded
			written = string(encoded)
		}
		if !field.value.set(&object, written) {
			return object, fmt.Sprintf("has the %s %s: it must be %s", field.name, asJSON(entry), field.value.accepts)
		}
	}
	return object, ""
}
