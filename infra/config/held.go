package config

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// OfVersion returns the names of the keys that belong to a version.
func OfVersion() (names []string) {
	for _, key := range Keys {
		if key.OfVersion {
			names = append(names, key.Name)
		}
	}
	return names
}

// hold replaces the values of a version's keys by those of the held version, if the key hold has one and not an image alone.
// What that version did not set is unset.
func (r *reading) hold() {
	text := r.values["hold"]
	if !strings.HasPrefix(text, "{") {
		return
	}
	delete(r.values, "hold")
	var version map[string]json.RawMessage
	if !decode(text, &version) {
		r.refuse("hold", "is neither: it must be an image pinned by digest, or a map as `make rollback` writes it")
		return
	}
	image, given := version["image"]
	if !given {
		r.refuse("hold", "has no image: `make rollback` writes all of a version")
		return
	}
	r.values["hold"] = plain(image)
	delete(version, "image")
	if further, given := version["images"]; given && !furtherImages.set(&r.config, string(further)) {
		r.refuse("hold", "has the images %s: they must be %s", cut(string(further)), furtherImages.accepts)
	}
	delete(version, "images")

	r.held = OfVersion()
	for _, name := range r.held {
		delete(r.values, name)
	}
	for _, name := range slices.Sorted(maps.Keys(version)) {
		switch {
		case slices.Contains(r.held, name):
			r.values[name] = plain(version[name])
		case gone[name] != "":
			r.refuse("hold", "has %s, which is not a key any more: %s", name, gone[name])
		default:
			r.refuse("hold", "has %s, which does not belong to a version: remove it from there", name)
		}
	}
}

// furtherImages are those of a held version that are not the server's.
var furtherImages = mapOf(func(c *Config) *map[string]string { return &c.HeldImages }, dnsLabel, pinnedImage)

// plain returns a JSON value as Pulumi passes it at the top: text as it is.
func plain(value json.RawMessage) string {
	var text string
	if json.Unmarshal(value, &text) == nil {
		return text
	}
	return string(value)
}

// encrypted reports whether the value of a key is stored as a secret. Of a version in hold, Pulumi says only that something is.
func (r *reading) encrypted(key Key) bool {
	if r.held != nil && (key.OfVersion || key.Name == "hold") {
		return key.Secrecy == Always && r.source.encrypted("hold")
	}
	return r.source.encrypted(key.Name)
}
