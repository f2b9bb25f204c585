package main

import (
	"os"
	"time"
)

// endWithParent ends the plugin when its parent, pulumi, is gone. A killed parent
// cannot say so, and the plugin would wait for it forever.
func endWithParent(parent int) {
	for os.Getppid() == parent {
		time.Sleep(time.Second)
	}
	os.Exit(1)
}
