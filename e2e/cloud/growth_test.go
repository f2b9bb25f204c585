//go:build e2e

package cloud

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"example.com/hello-world/e2e/internal/drive"
)

// alone is for scenarios that time something: one at a time.
var alone sync.Mutex

// growth is what `pulumi up` takes as there are more and more of something.
type growth struct {
	of    string // what grows
	steps []step
}

type step struct {
	count        int
	there, again time.Duration // `pulumi up` to that count, and once more, with nothing to do
}

// grow runs `pulumi up` until it is at that count, and once more.
func (g *growth) grow(t *testing.T, stack *drive.Project, count int) {
	t.Helper()
	timed := func(flags ...string) time.Duration {
		started := time.Now()
		stack.Pulumi(t, append([]string{"up"}, flags...)...)
		return time.Since(started)
	}
	g.steps = append(g.steps, step{count, timed(), timed("--expect-no-changes")})
}

// table has a line for each step: what it took, and what each further one cost. Where that is half as much again as in the
// step before, it says so.
func (g *growth) table() string {
	var text strings.Builder
	fmt.Fprintf(&text, "%8s  %-24s  %s\n", g.of, "pulumi up", "nothing to do")
	var cost float64 // of each in the step before, in milliseconds
	for i, s := range g.steps {
		if i == 0 {
			fmt.Fprintf(&text, "%8d  %6.2f s  %14s  %6.2f s\n", s.count, s.there.Seconds(), "", s.again.Seconds())
			continue
		}
		before := g.steps[i-1]
		added := float64(s.count - before.count)
		each, idleEach := 1000*(s.there-s.again).Seconds()/added, 1000*(s.again-before.again).Seconds()/added
		fmt.Fprintf(&text, "%8d  %6.2f s, %6.1f ms each  %6.2f s, %5.1f ms each", s.count, s.there.Seconds(), each, s.again.Seconds(), idleEach)
		if i > 1 && each > 1.5*cost {
			text.WriteString("  bends")
		}
		text.WriteString("\n")
		cost = each
	}
	return text.String()
}

// further has the program declare as many services as the environment variable SERVICES says, each in a namespace of its own.
const further = `package main

import (
	"fmt"
	"os"
	"strconv"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/webservice"
)

func (s *stack) runFurther(args webservice.Args) error {
	services, err := strconv.Atoi(os.Getenv("SERVICES"))
	for i := 2; i <= services && err == nil; i++ {
		name := fmt.Sprintf("%s-%d", s.cfg.Namespace, i)
		args.Namespace, args.Path = pulumi.String(name), pulumi.String("/"+name)
		if args.Rollout, err = s.aroundRollout(name); err != nil {
			return err
		}
		_, err = webservice.New(s.ctx, name, &args, s.provider)
	}
	return err
}
`

// The program's own part in a stack of many services: what it takes to get from 1 to 20 of them, of one Pod each.
func testTwentyServices(t *testing.T) {
	alone.Lock()
	t.Cleanup(alone.Unlock)
	project := site.Copy(t)
	if err := os.WriteFile(filepath.Join(project.Dir, "infra/further.go"), []byte(further), 0o644); err != nil {
		t.Fatal(err)
	}
	const last = `hello, err := webservice.New(`
	project.Edit(t, "infra/service.go", last, "if err := s.runFurther(*args); err != nil {\n\t\treturn nil, err\n\t}\n\t"+last)

	stack := newStackOf(t, project, "services", config{"replicas": "1"})
	stack.With("SERVICES=1").Pulumi(t, "preview") // compiles the program, which is not what is timed
	services := growth{of: "services"}
	for _, count := range []int{1, 5, 20} {
		services.grow(t, stack.With("SERVICES="+strconv.Itoa(count)), count)
		ready := hello.Kubectl(t, "get", "deployments", "--all-namespaces", "-o",
			`jsonpath={range .items[?(@.status.readyReplicas==1)]}{.metadata.namespace}{"\n"}{end}`)
		found := 0
		for _, namespace := range ready {
			if strings.HasPrefix(namespace, "services") {
				found++
			}
		}
		if found != count {
			t.Errorf("%d services are ready right after pulumi up, want %d: %q", found, count, ready)
		}
	}
	t.Log("\n" + services.table())
	stack.With("SERVICES=20").Pulumi(t, "destroy")
}
