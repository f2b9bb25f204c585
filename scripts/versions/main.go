// Command versions lists and collects the versions of the server that a stack has had, from the folder of Pulumi's file
// backend.
//
//	versions list STATE STACK                  lists them, newest first
//	versions previous STATE STACK [DIGEST]     prints the image to go back to
//	versions collect STATE CONTAINER REGISTRY  removes from a kind cluster's registry what is too old to go back to,
//	                                           except what standard input names
package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"strings"
	"text/tabwriter"
)

// versions is how many versions of each stack stay in the registry.
const versions = 10

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	args = append(args, "", "", "", "")
	switch command, state := args[0], args[1]; command {
	case "list":
		updates, err := readHistory(state, args[2], math.MaxInt)
		if err != nil {
			return err
		}
		return list(latest(updates, len(updates)))
	case "previous":
		updates, err := readHistory(state, args[2], math.MaxInt)
		if err != nil {
			return err
		}
		image, err := previous(updates, args[3])
		if err == nil {
			fmt.Println(image)
		}
		return err
	case "collect":
		// Nothing depends on this, so a failure is only a warning.
		if err := collect(context.Background(), os.Stdin, state, args[2], args[3]); err != nil {
			fmt.Fprintln(os.Stderr, "warning: old versions stay in the registry:", err)
		}
		return nil
	}
	return errors.New("usage: versions list|previous|collect")
}

// list shows versions, the current one first.
func list(updates []update) error {
	if len(updates) == 0 {
		return errNoHistory
	}
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(out, "  DIGEST\tLAST UPDATE\tREPLICAS\tWHO\t")
	for i, u := range updates {
		_, digest, _ := strings.Cut(u.Image, "@sha256:")
		note := ""
		switch {
		case i == 0 && u.Held:
			note = "runs, held"
		case i == 0:
			note = "runs"
		}
		fmt.Fprintf(out, "  %.12s\t%s\t%d\t%s\t%s\n", digest, u.At.Local().Format("2006-01-02 15:04"), u.Replicas, u.Who, note)
	}
	return out.Flush()
}
