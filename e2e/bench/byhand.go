//go:build e2e

package main

import (
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// objects are a Deployment, a Service and an Ingress as people write them first.
//
//go:embed objects.yaml
var objects string

// writeObjects writes the objects of a name into a file of that name, and returns
// the file.
func (b *bench) writeObjects(name, image string) (string, error) {
	file := filepath.Join(b.Dir, name+".yaml")
	return file, os.WriteFile(file, []byte(strings.NewReplacer("NAME", name, "IMAGE", image).Replace(objects)), 0o644)
}

// handmade is the image built by hand, in its present version.
func (b *bench) handmade() string { return fmt.Sprintf("bench/byhand:v%d", b.edits) }

// editByHand changes the server that is built by hand.
func (b *bench) editByHand() error { return b.editIn("e2e/bench/byhand") }

// buildByHand builds an image and takes it to the nodes.
func (b *bench) buildByHand() error {
	_, err := b.script(`docker build --quiet --tag "$0" e2e/bench/byhand
		kind load docker-image "$0" --name "$CLUSTER"`, b.handmade())
	return err
}

func (b *bench) deployByHand() error {
	if err := b.buildByHand(); err != nil {
		return err
	}
	file, err := b.writeObjects("byhand", b.handmade())
	if err != nil {
		return err
	}
	_, err = b.script(`kubectl apply -f "$0" && kubectl rollout status deployment/byhand --timeout 2m`, file)
	return err
}

// rollOutByHand ships an edit.
func (b *bench) rollOutByHand() error {
	if err := b.buildByHand(); err != nil {
		return err
	}
	_, err := b.script(`kubectl set image deployment/byhand hello="$0" && kubectl rollout status deployment/byhand`, b.handmade())
	return err
}
