//go:build e2e

package main

import "strings"

// build makes an image of the server as it is now, takes it to where nodes find it, and returns its reference.
type build func() (image string, err error)

// built is a build by a script that prints the reference.
func (b *bench) built(script string, args ...string) (image string, err error) {
	image, err = b.script(script, args...)
	return strings.TrimSpace(image), err
}

// rolledOut waits for the Deployment of the namespace $0.
const rolledOut = `kubectl rollout status deployment/hello --namespace "$0" --timeout 2m`

// deploy makes a namespace with a copy of the service's objects.
func (b *bench) deploy(namespace string, build build) error {
	image, err := build()
	if err != nil {
		return err
	}
	file := namespace + ".yaml"
	if err := b.copyObjects(namespace, image, file); err != nil {
		return err
	}
	return b.scripted(`kubectl create namespace "$0" && kubectl apply --filename "$1" && `+rolledOut, namespace, file)()
}

// rollsOut ships an edit to the Deployment of a namespace.
func (b *bench) rollsOut(namespace string, build build) func() error {
	return func() error {
		image, err := build()
		if err != nil {
			return err
		}
		return b.scripted(`kubectl set image deployment/hello --namespace "$0" hello="$1" && `+rolledOut, namespace, image)()
	}
}

// scales the Deployment of a namespace.
func (b *bench) scales(namespace, replicas string) func() error {
	return b.scripted(`kubectl scale deployment/hello --namespace "$0" --replicas "$1" && `+rolledOut, namespace, replicas)
}
