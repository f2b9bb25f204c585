package commands

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/kballard/go-shellquote"
	"github.com/spf13/cobra"

	"example.com/hello-world/infra/label"
	"example.com/hello-world/infra/rollout"
)

// startTime is how long the Pod of a command may take to start.
const startTime = 2 * time.Minute

func run() *cobra.Command {
	cmd := command("run", "Run a job of the service now, or any command of its image once",
		`JOB is a name in the key 'jobs'. It runs beside its schedule, and goes on if you press Ctrl-C. ARGUMENTS after -- go to the image's command instead, `+
			`once, in the version that runs, with the server's environment, secrets and rights; Ctrl-C ends it. What it prints is shown, and a failure is a failure of this.

It changes nothing that the stack declares.`,
		func(cmd *cobra.Command, s session) error {
			job, arguments := cmd.Flags().Args(), []string(nil)
			if dash := cmd.ArgsLenAtDash(); dash >= 0 {
				job, arguments = job[:dash], job[dash:]
			}
			if text, _ := cmd.Flags().GetString("args"); text != "" {
				words, err := shellquote.Split(text)
				if err != nil {
					return fmt.Errorf("ARGS is %q, where a quote or a backslash has no end", text)
				}
				arguments = append(arguments, words...)
			}
			if len(job)+min(len(arguments), 1) != 1 {
				return errors.New("run needs the name of a job, or -- and arguments: 'make run JOB=nightly', or 'make run ARGS=\"seed --all\"'")
			}
			runs, err := s.service(cmd.Context())
			if err != nil {
				return err
			}
			cluster, err := runs.Reach(cmd.Context())
			if err != nil {
				return err
			}
			command := rollout.Command{OneOff: rollout.OneOff{
				Watch: rollout.Watch{
					Cluster: cluster, Namespace: runs.Namespace, Name: runs.App, NoRestarts: true,
					FixedNodes: strings.HasPrefix(runs.Context, "kind-"),
					Say:        func(wrong string) { fmt.Fprintln(os.Stderr, wrong) },
				},
				Timeout: startTime, Show: func(line string) { fmt.Fprintln(s.Out, line) },
			}}
			what := "the command"
			if len(job) == 1 {
				what = "the job " + job[0]
				err = command.RunJob(cmd.Context(), job[0])
				if cmd.Context().Err() != nil {
					fmt.Fprintf(os.Stderr, "the job %s goes on in the cluster; to end it:   kubectl delete jobs -l %s=%[1]s -n %[3]s --context %[4]s\n",
						job[0], label.Job, runs.Namespace, runs.Context)
				}
			} else {
				if attach, _ := cmd.Flags().GetBool("attach"); attach {
					command.Attach = func(ctx context.Context, pod string) error {
						var complaints bytes.Buffer // what the command says comes through the terminal
						err := kubectlComplaining(ctx, &complaints, runs, "attach", "--stdin", "--tty", "--quiet", pod)
						if err != nil && complaints.Len() > 0 {
							err = errors.New(strings.TrimPrefix(strings.TrimSpace(complaints.String()), "error: "))
						}
						return err
					}
				}
				err = command.Run(cmd.Context(), arguments)
			}
			if err != nil {
				err = fmt.Errorf("%s: %w", what, err)
			}
			return err
		})
	cmd.Use, cmd.Args = "run JOB | run -- ARGUMENTS", cobra.ArbitraryArgs
	cmd.Flags().String("args", "", "ARGUMENTS in one text, split as a shell does")
	cmd.Flags().BoolP("attach", "a", false, "connect this terminal to the command, such as a console")
	return cmd
}
