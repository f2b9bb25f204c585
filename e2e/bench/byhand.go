//go:build e2e

package main

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"example.com/hello-world/e2e/internal/drive"
)

// handwritten are a Deployment, a Service and an Ingress as people write them first.
//
//go:embed objects.yaml
var handwritten string

// editByHand changes the server that is built by hand.
func (b *bench) editByHand() error { return b.editIn("e2e/bench/byhand") }

// buildByHand takes an image to the nodes without a registry.
func (b *bench) buildByHand() (image string, err error) {
	image = fmt.Sprintf("bench/byhand:v%d", b.edits)
	_, err = b.script(`docker build --quiet --tag "$0" e2e/bench/byhand
		kind load docker-image "$0" --name "$CLUSTER"`, image)
	return image, err
}

// deployByHand deploys a bare handler that answers what our server answers.
func (b *bench) deployByHand() error {
	status, page, err := drive.Get(ingress + "/hello")
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("our server answers with status %d", status)
	}
	if err != nil {
		return err
	}
	quoted, err := json.Marshal(page)
	if err != nil {
		return err
	}
	image, err := b.buildByHand()
	if err != nil {
		return err
	}
	objects := strings.NewReplacer("IMAGE", image, "PAGE", string(quoted)).Replace(handwritten)
	if err := os.WriteFile(filepath.Join(b.Dir, "byhand.yaml"), []byte(objects), 0o644); err != nil {
		return err
	}
	return b.scripted(`kubectl create namespace "$0" && kubectl apply --filename byhand.yaml && `+rolledOut, byHand)()
}
