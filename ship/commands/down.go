package commands

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"example.com/hello-world/ship/cluster"
	"example.com/hello-world/ship/docker"
	"example.com/hello-world/supplier/bare/engine"
)

func down() *cobra.Command {
	var yes bool
	cmd := change("down", "Remove the stack and the cluster; stop Docker if we started it",
		`If the stack runs on kind, its cluster goes too, unless other stacks run there; otherwise you have to type the stack's name, or pass --yes. What another state of the stack has is not removed. You can run it again at any time.`,
		func(cmd *cobra.Command, s session) error {
			onKind, err := s.OnKind(s.stack)
			if err != nil {
				return err
			}
			if !onKind {
				return s.downElsewhere(cmd.Context(), yes)
			}
			if err := s.downOnKind(cmd.Context()); err != nil {
				return err
			}
			stopped, err := stopEngine(cmd.Context())
			if stopped {
				s.Say("Docker Engine: stopped")
			}
			return err
		})
	cmd.Flags().BoolVar(&yes, "yes", false, "destroy a stack that does not run on kind without asking")
	return cmd
}

// stopEngine stops the Docker Engine if the supplier started it. Tests must not.
var stopEngine = engine.Stop

// superseded is the error if another state has what runs there.
func (s session) superseded(namespaces []string, context string) error {
	there := strings.Join(namespaces, " ")
	return fmt.Errorf("nothing was removed: another state of the stack %s, such as another checkout's, has what runs there (%s)\n"+
		"  to remove it:         make down, in that checkout\n"+
		"  to go on from here:   kubectl annotate namespace %[2]s --context %[3]s --overwrite hello-world/state=released && make up", s.stack, there, context)
}

func (s session) downElsewhere(ctx context.Context, yes bool) error {
	ids, _, _ := s.stateID(ctx) // without a state, nothing is its own
	if runs, err := s.service(ctx); err == nil {
		if to, err := runs.Reach(ctx); err == nil {
			namespace, err := to.Namespace(ctx, runs.Namespace)
			if err == nil && namespace != nil {
				if mark := namespace.Annotations["hello-world/state"]; mark != "" && !ids[mark] {
					return s.superseded([]string{runs.Namespace}, runs.Context)
				}
			}
		}
	}
	if !yes {
		if !term.IsTerminal(int(os.Stdin.Fd())) {
			return fmt.Errorf("stack %s does not run on kind: 'bin/ship down --stack %[1]s --yes' destroys it without asking", s.stack)
		}
		fmt.Fprintf(s.Out, "This destroys the stack %s, which does not run on kind. Type its name to go on: ", s.stack)
		if typed, _ := bufio.NewReader(os.Stdin).ReadString('\n'); strings.TrimSpace(typed) != s.stack {
			return fmt.Errorf("stack %s stays", s.stack)
		}
	}
	return s.pulumi.Ask(ctx, "destroy", "--yes")
}

func (s session) downOnKind(ctx context.Context) error {
	if err := s.HasTools(); err != nil {
		return err
	}
	kind, err := s.cluster()
	if err != nil {
		return err
	}
	if err := s.leadsTo(kind, "down"); err != nil {
		return err
	}
	if err := s.keepsProtected(ctx); err != nil {
		return err
	}
	_, selecting := s.pulumi.Output(ctx, "stack", "select")
	isStack := selecting == nil
	// Without Docker, nobody knows what is on the cluster.
	if !docker.Answers(ctx) {
		if isStack {
			if _, empty, err := s.stateID(ctx); err != nil {
				return err
			} else if !empty {
				return fmt.Errorf("nothing was removed: no Docker Engine answers, and the stack %[1]s is on the cluster %[2]s\n"+
					"  to remove it, start Docker ('make tools' does, as root on Debian), and then:   make down STACK=%[1]s", s.stack, kind.Name)
			}
		}
		s.Say("nothing runs: no Docker Engine answers, and the stack %s is empty", s.stack)
		return nil
	}
	others, elsewhere, err := s.onCluster(ctx, kind)
	if err != nil {
		return err
	}
	if len(elsewhere) > 0 {
		return s.superseded(elsewhere, kind.Context())
	}
	destroy := func() error {
		if !isStack {
			return nil
		}
		return s.pulumi.Change(ctx, "destroy")
	}
	runsOn, _ := s.pulumi.Output(ctx, "stack", "output", "context")
	switch {
	case len(others) > 0:
		if err = destroy(); err == nil {
			s.Say("cluster %s: stays, because other stacks run there: %s", kind.Name, strings.Join(others, " "))
		}
	case runsOn == kind.Context():
		// With the cluster gone, there is no request left to drain.
		if err = kind.Down(ctx); err == nil {
			if err = os.Setenv("PULUMI_K8S_DELETE_UNREACHABLE", "true"); err == nil {
				err = destroy()
			}
		}
	default:
		if err = destroy(); err == nil {
			err = kind.Down(ctx)
		}
	}
	if err == nil {
		err = s.tellKept(ctx)
	}
	return err
}

// onCluster returns which other stacks run on the kind cluster, and the namespaces of this one that another state has.
func (s session) onCluster(ctx context.Context, kind cluster.Cluster) (others, elsewhere []string, err error) {
	if !kind.Exists(ctx) || kind.HalfMade(ctx) {
		return nil, nil, nil // no stack runs on it
	}
	namespaces, err := kind.Namespaces(ctx)
	if err != nil {
		return nil, nil, errors.New("nothing was removed: the cluster " + kind.Name + " does not say whether other stacks run there\n" +
			"  to start it, if it has stopped:   make cluster\n" +
			"  to remove it all:                 CLUSTER=" + kind.Name + " bin/ship cluster down && make down")
	}
	ids, _, _ := s.stateID(ctx) // without a state, nothing is its own
	for _, n := range namespaces {
		_, owner, _ := strings.Cut(n.Stack, "/") // without the organization
		switch {
		case n.Stack == "":
		case owner != s.Project+"/"+s.stack:
			if owner = strings.TrimPrefix(owner, s.Project+"/"); !slices.Contains(others, owner) {
				others = append(others, owner)
			}
		case n.State != "" && !ids[n.State]:
			elsewhere = append(elsewhere, n.Name)
		}
	}
	return others, elsewhere, nil
}
