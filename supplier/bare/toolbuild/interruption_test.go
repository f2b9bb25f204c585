package toolbuild

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"example.com/hello-world/supplier/supply"
	"example.com/hello-world/supplier/tools"
)

// suppliesInto makes this test binary build kind from source into this cache, as `make tools` does, and run no tests.
const suppliesInto = "TEST_SUPPLIES_KIND_INTO"

func TestMain(m *testing.M) {
	if cache := os.Getenv(suppliesInto); cache != "" {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
		defer stop()
		if err := supplyKind(ctx, cache); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func supplyKind(ctx context.Context, cache string) error {
	kind, err := kindTool(cache)
	if err != nil {
		return err
	}
	supplier := supply.Supplier{Out: os.Stdout, Logs: filepath.Join(cache, "logs")}
	return supplier.Supply(ctx, kind.Artefact())
}

// kindTool returns kind with its publisher out of reach.
func kindTool(cache string) (tools.Tool, error) {
	root, err := filepath.Abs("../../..")
	if err != nil {
		return tools.Tool{}, err
	}
	const nowhere = "http://127.0.0.1:1"
	list, err := tools.Source{
		Root: root, Sites: tools.Sites{GitHub: tools.Site{URL: nowhere}}, Cache: supply.Cache{Dir: cache}, Recipe: Builder{root}.Recipe,
	}.ForTests()
	if err != nil {
		return tools.Tool{}, err
	}
	return list[0], nil
}

// Whenever a build from source is interrupted, it leaves nothing half-made, and the next run goes on from there.
func TestInterruptedBuildGoesOn(t *testing.T) {
	cache := t.TempDir()
	kind, err := kindTool(cache)
	if err != nil {
		t.Fatal(err)
	}
	run := func() *exec.Cmd {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), suppliesInto+"="+cache)
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		return cmd
	}
	for _, how := range []struct {
		at     string // the go command that it runs
		signal syscall.Signal
		all    bool // its children get the signal too
	}{
		{"list", syscall.SIGINT, true},
		{"list", syscall.SIGKILL, true},
		{"build", syscall.SIGINT, true},
		{"build", syscall.SIGKILL, true},
		{"build", syscall.SIGKILL, false}, // the compiler goes on
	} {
		logs := filepath.Join(cache, "logs")
		if err := os.RemoveAll(logs); err != nil {
			t.Fatal(err)
		}
		supplying := run()
		if err := supplying.Start(); err != nil {
			t.Fatal(err)
		}
		group := -supplying.Process.Pid
		t.Cleanup(func() { syscall.Kill(group, syscall.SIGKILL) })
		for deadline := time.Now().Add(2 * time.Minute); !says(logs, `go ["`+how.at+`"`); time.Sleep(10 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("it never ran go %s", how.at)
			}
		}
		who := supplying.Process.Pid
		if how.all {
			who = group
		}
		if err := syscall.Kill(who, how.signal); err != nil {
			t.Fatal(err)
		}
		err := supplying.Wait()
		if present, _ := kind.Artefact().Present(t.Context()); err == nil || present {
			t.Errorf("%+v: it ended with %v, and kind is there: %v", how, err, present)
		}
	}

	if out, err := run().CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	built, err := filepath.Glob(filepath.Join(cache, "kind-*", "kind"))
	if err != nil || len(built) != 1 {
		t.Fatalf("kind is at %q, error %v", built, err)
	}
	out, err := exec.Command(built[0], "version").Output()
	if err != nil || !strings.Contains(string(out), kind.Version) {
		t.Errorf("kind says %q, error %v; want %s", out, err, kind.Version)
	}
}

// says reports whether a log in the folder has the words.
func says(logs, words string) bool {
	files, _ := filepath.Glob(filepath.Join(logs, "*"))
	for _, file := range files {
		if text, _ := os.ReadFile(file); strings.Contains(string(text), words) {
			return true
		}
	}
	return false
}
