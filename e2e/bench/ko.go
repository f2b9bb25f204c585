//go:build e2e

package main

// deployByKo deploys our server by ko. Its image has an empty base, as ours has.
func (b *bench) deployByKo() error {
	const base = registry + "/scratch"
	if _, err := b.script(`printf 'FROM scratch\nLABEL base=empty\n' | docker build --quiet --tag "$0" - && docker push --quiet "$0"`, base); err != nil {
		return err
	}
	if _, err := b.writeObjects("ko", "ko://example.com/hello-world/app"); err != nil {
		return err
	}
	b.Project = b.With("KO_DOCKER_REPO="+registry, "KO_DEFAULTBASEIMAGE="+base)
	return b.rollOutByKo()
}

// rollOutByKo ships an edit.
func (b *bench) rollOutByKo() error {
	_, err := b.script(`ko resolve --filename ko.yaml | kubectl apply -f - && kubectl rollout status deployment/ko`)
	return err
}
