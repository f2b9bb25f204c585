package versions

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	pulumi "github.com/pulumi/pulumi/sdk/v3/go/common/resource/config"

	"example.com/hello-world/infra/config"
)

// version is what the server ran with: an image, and the keys of the configuration that belong to it, as the stack's file had
// them. Secrets stay encrypted, so the same one encrypted anew counts as another.
type version struct {
	Image  string            // by digest
	Images map[string]string // of further servers, by name
	Keys   map[string]pulumi.Value

	// ID tells it from others: the digest of its image in hex, or if it has more images or sets keys, one of all. Secrets cannot
	// be guessed from it, being encrypted.
	ID string
}

// versionOf returns the version of an update with that configuration, from which the images came.
func versionOf(image string, further map[string]string, of pulumi.Map) (version, error) {
	given := map[string]pulumi.Value{}
	for key, value := range of {
		if key.Name() == "hold" && value.Object() {
			text, err := value.MarshalJSON()
			if err != nil {
				return version{}, err
			}
			given = map[string]pulumi.Value{}
			if err := json.Unmarshal(text, &given); err != nil {
				return version{}, err
			}
			break
		}
		given[key.Name()] = value
	}
	if live, set := given["livenessPath"]; set { // of an earlier version of the program
		ready, err := given["healthPath"].Value(pulumi.NopDecrypter)
		if err != nil {
			return version{}, err
		}
		behind, err := live.Value(pulumi.NopDecrypter)
		if err != nil {
			return version{}, err
		}
		given["healthPath"] = pulumi.NewValue(ready + " " + behind)
	}
	v := version{Image: image, Images: further, Keys: map[string]pulumi.Value{}}
	for _, name := range config.OfVersion() {
		if value, set := given[name]; set {
			v.Keys[name] = value
		}
	}
	v.ID = v.digest()
	if len(v.Keys) > 0 {
		if err := v.distinguish(v.Keys); err != nil {
			return v, err
		}
	}
	if len(v.Images) > 0 {
		return v, v.distinguish(v.Images)
	}
	return v, nil
}

// distinguish makes the ID another one for each value.
func (v *version) distinguish(by any) error {
	text, err := json.Marshal(by)
	v.ID = fmt.Sprintf("%x", sha256.Sum256(append([]byte(v.ID), text...)))
	return err
}

// digest returns the digest of the image, in hex.
func (v version) digest() string {
	_, digest, _ := strings.Cut(v.Image, "@sha256:")
	return digest
}

// changed returns the names of the keys and of the further images that differ from those of the version before.
func (v version) changed(before version) (names []string) {
	for _, name := range config.OfVersion() {
		if v.text(name) != before.text(name) {
			names = append(names, name)
		}
	}
	all := map[string]string{}
	maps.Copy(all, before.Images)
	maps.Copy(all, v.Images)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if v.Images[name] != before.Images[name] {
			names = append(names, "image of "+name)
		}
	}
	return names
}

// text returns the value of a key as JSON; "" if it is not set.
func (v version) text(name string) string {
	value, set := v.Keys[name]
	if !set {
		return ""
	}
	text, _ := json.Marshal(value)
	return string(text)
}

// held returns the version as the value of the key hold.
func (v version) held() (held pulumi.Value, err error) {
	all := maps.Clone(v.Keys)
	all["image"] = pulumi.NewValue(v.Image)
	if len(v.Images) > 0 {
		images, err := json.Marshal(v.Images)
		if err != nil {
			return held, err
		}
		all["images"] = pulumi.NewObjectValue(string(images))
	}
	text, err := json.Marshal(all)
	if err == nil {
		err = json.Unmarshal(text, &held)
	}
	return held, err
}

// hasSecrets reports whether something in the version is encrypted.
func (v version) hasSecrets() bool {
	return slices.ContainsFunc(slices.Collect(maps.Values(v.Keys)), pulumi.Value.Secure)
}

// String is how people name the version.
func (v version) String() string { return fmt.Sprintf("%.12s", v.ID) }
