// Package versions lists, holds and collects the versions of the server that a stack has had, from the folder of Pulumi's file
// backend.
package versions

import (
	"context"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"text/tabwriter"

	"golang.org/x/sync/errgroup"

	"example.com/hello-world/infra/attestation"
	"example.com/hello-world/infra/config"
	"example.com/hello-world/ship/checkout"
)

// List writes the versions that a stack has had, the current one first, from the folder of a state. The credentials are for the
// images' registry.
func List(ctx context.Context, to io.Writer, state, stack string, credentials config.Credentials) error {
	updates, err := readHistory(state, stack, math.MaxInt)
	if err != nil {
		return err
	}
	listed := latest(updates, len(updates))
	return list(to, listed, proofs(ctx, listed, credentials))
}

// proofs says what is attached to the images of each version, by the key of the newest update: an older one may have leaked. It
// says "" of those for which the registry does not answer in time.
func proofs(ctx context.Context, updates []update, credentials config.Credentials) []string {
	ctx, cancel := context.WithTimeout(ctx, attestation.Patience)
	defer cancel()
	words := make([]string, len(updates))
	var group errgroup.Group
	group.SetLimit(8)
	for i, u := range updates {
		group.Go(func() error {
			words[i] = attestation.Words(ctx, u.Image, u.Images, credentials, updates[0].SignedBy)
			return nil
		})
	}
	_ = group.Wait() // nothing fails
	return words
}

// Hold writes a version into a stack's file, for the program to deploy it instead of what else is there: the one whose name or
// image begins with to or, if that is "", the one that was deployed before the current one. If the last update failed half-way,
// that is the last one that succeeded. It returns what it holds.
func Hold(c checkout.Checkout, state, stack, to string) (held string, err error) {
	updates, err := readHistory(state, stack, math.MaxInt)
	if err != nil {
		return "", err
	}
	if to == "" && len(updates) > 0 {
		half, err := halfDone(state, stack)
		if err != nil {
			return "", err
		}
		if half {
			to = updates[len(updates)-1].ID
		}
	}
	back, err := goBack(updates, to)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s, %s", back, back.Image), hold(c, back, stack)
}

// list shows versions, the current one first, what is attached to each, and the keys in which it differs from the one below. Their
// images are there too, unless each has the digest of its image.
func list(to io.Writer, updates []update, proofs []string) error {
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
	row("VERSION", "IMAGE", "LAST UPDATE", "COMMIT", "REPLICAS", "WHO", "PROOF", "")
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
		row(u.String(), u.digest()[:12], u.At.Local().Format("2006-01-02 15:04"), u.Commit, fmt.Sprint(u.Replicas), u.Who, proofs[i], note)
	}
	return out.Flush()
}
