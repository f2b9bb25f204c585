// Command versions lists, holds and collects the versions of the server that a stack has had, from the folder of Pulumi's file
// backend.
//
//	versions list STATE STACK                  lists them, newest first
//	versions hold STATE STACK FILE [VERSION]   writes the one to go back to into the stack's file, and prints it
//	versions collect STATE CONTAINER REGISTRY  removes from a kind cluster's registry what is too old to go back to,
//	                                           except what standard input names
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
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
	args = append(args, "", "", "", "", "")
	switch command, state := args[0], args[1]; command {
	case "list":
		updates, err := readHistory(state, args[2], math.MaxInt)
		if err != nil {
			return err
		}
		return list(os.Stdout, latest(updates, len(updates)))
	case "hold":
		updates, err := readHistory(state, args[2], math.MaxInt)
		if err != nil {
			return err
		}
		back, err := goBack(updates, args[4])
		if err == nil {
			err = hold(back, args[3])
		}
		if err == nil {
			fmt.Printf("%s, %s\n", back, back.Image)
		}
		return err
	case "collect":
		// Nothing depends on this, so a failure is only a warning.
		if err := collect(context.Background(), os.Stdin, state, args[2], args[3]); err != nil {
			fmt.Fprintln(os.Stderr, "warning: old versions stay in the registry:", err)
		}
		return nil
	}
	return errors.New("usage: versions list|hold|collect")
}

// list shows versions, the current one first, and the keys in which each differs from the one below. Their images are there too,
// unless each has the digest of its image.
func list(to io.Writer, updates []update) error {
	if len(updates) == 0 {
		return errNoHistory
	}
	keysMatter := slices.ContainsFunc(updates, func(u update) bool { return len(u.Keys) > 0 })
	out := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	row := func(version, image string, others ...string) {
		if keysMatter {
			version += "\t" + image
		}
		fmt.Fprintf(out, "  %s\t%s\n", version, strings.Join(others, "\t"))
	}
	row("VERSION", "IMAGE", "LAST UPDATE", "COMMIT", "REPLICAS", "WHO", "")
	for i, u := range updates {
		note := ""
		switch {
		case i == 0 && u.Held:
			note = "runs, held"
		case i == 0:
			note = "runs"
		}
		if before := i + 1; before < len(updates) {
			if changed := u.changed(updates[before].version); len(changed) > 0 {
				note = strings.TrimPrefix(note+"; changed: "+strings.Join(changed, ", "), "; ")
			}
		}
		row(u.String(), u.digest()[:12], u.At.Local().Format("2006-01-02 15:04"), u.Commit, fmt.Sprint(u.Replicas), u.Who, note)
	}
	return out.Flush()
}
