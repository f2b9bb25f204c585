// Command runc-bounded is an OCI runtime for machines whose own capability
// bounding set is not full, such as some virtual machines and containers.
//
// Docker gives a privileged container every capability there is; runc then fails with "unable to apply caps: operation not
// permitted" for one that the machine itself lacks. This wrapper removes these from the container's capabilities and runs runc
// with the same arguments. It never asks for more than Docker did.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"

	"example.com/hello-world/supplier/bare/capabilities"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "runc-bounded:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	missing, err := capabilities.Missing()
	if err != nil {
		return err
	}
	// The bundle has the capabilities of a new container; a file of its own has those of a command in an existing one.
	if bundle := flagValue(args, "--bundle", "-b"); bundle != "" {
		err = dropFrom(filepath.Join(bundle, "config.json"), missing, "process", "capabilities")
	} else if process := flagValue(args, "--process", "-p"); process != "" {
		err = dropFrom(process, missing, "capabilities")
	}
	if err != nil {
		return err
	}
	runc, err := exec.LookPath("runc")
	if err != nil {
		return err
	}
	return syscall.Exec(runc, append([]string{"runc"}, args...), os.Environ())
}

// flagValue returns the value of the first of names among args, in either form
// that runc accepts ("--bundle DIR", "--bundle=DIR"), or "".
func flagValue(args []string, names ...string) string {
	for i, arg := range args {
		for _, name := range names {
			if arg == name && i+1 < len(args) {
				return args[i+1]
			}
			if value, ok := strings.CutPrefix(arg, name+"="); ok {
				return value
			}
		}
	}
	return ""
}
