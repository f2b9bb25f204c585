//go:build e2e

package main

// buildByKo compiles our server and pushes its image. The base is empty, as ours is.
func (b *bench) buildByKo() (image string, err error) { return b.built(`ko build ./app 2>ko.log`) }
