package commands

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"example.com/hello-world/ship/adoption"
)

func adopt() *cobra.Command {
	var name string
	cmd := command("adopt", "Make this checkout a project of your own: NAME=shop",
		`The names of project, image, namespace, labels, path and Go module become the new
name, and the kind cluster gets names and ports of its own. Only files that git
tracks are changed, and nothing is committed.`,
		func(_ *cobra.Command, s session) error { return s.adopt(name) })
	cmd.Flags().StringVar(&name, "name", os.Getenv("NAME"), "the new name, such as shop")
	return cmd
}

func (s session) adopt(name string) error {
	if err := adoption.Check(name); err != nil {
		return err
	}
	if s.Project != adoption.Original {
		return fmt.Errorf("this checkout is the project %s already: adopt another clone", s.Project)
	}
	changed, err := adoption.Changed(s.Root)
	switch {
	case err != nil:
		return errors.New("this is no checkout of git, which would show and undo what changes: 'git init && git add . && git commit'")
	case changed:
		return errors.New("there are changes that are not committed: 'git commit' or 'git stash' them, so that git can undo what changes here")
	}
	if stacks := s.InUse(); len(stacks) > 0 {
		return fmt.Errorf("the stack %s of %s runs from this checkout, which would lose it: 'make down' first, or adopt another clone", stacks[0], s.Project)
	}
	ports, err := adoption.Rename(s.Root, name)
	if err != nil {
		return err
	}
	s.Say("project, image, namespace, labels and path: %s", name)
	s.Say("Go module: example.com/%s", name)
	s.Say("kind cluster: %s-cluster, with http://127.0.0.1:%d/%[1]s and the registry %[1]s-registry on localhost:%[3]d", name, ports.HTTP, ports.Registry)
	fmt.Fprintln(s.Out, "'git diff' shows it, 'git checkout .' undoes it. Commit it, and go on with docs/adopt.md.")
	return nil
}
