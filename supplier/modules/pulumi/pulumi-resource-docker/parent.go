package main

import (
	"os"
	"time"
)

// endWithParent ends the plugin once its parent, pulumi, is gone. One that
// was killed cannot say so, and the plugin would wait for it for ever.
func endWithParent(parent int) {
	for os.Getppid() == parent {
		time.Sleep(time.Second)
	}
	os.Exit(1)
}
