//go:build e2e

package faults

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"example.com/hello-world/e2e/internal/drive"
)

// streams uses the server for so long, in all ways at the same time: an upload, events, and a websocket.
func (d *deployment) streams(t *testing.T, long time.Duration) {
	t.Helper()
	var all sync.WaitGroup
	for what, use := range map[string]func(context.Context, time.Duration) error{
		"an upload": d.upload, "events": d.events, "a websocket": d.echo,
	} {
		all.Go(func() {
			begun := time.Now()
			if err := use(t.Context(), long); err != nil {
				t.Errorf("%s ended after %.1f s: %v", what, time.Since(begun).Seconds(), err)
			}
		})
	}
	d.grpc(t)
	all.Wait()
}

// upload sends a body little by little.
func (d *deployment) upload(ctx context.Context, long time.Duration) error {
	body, slowly := io.Pipe()
	var sent int
	go func() {
		for begun := time.Now(); time.Since(begun) < long; time.Sleep(100 * time.Millisecond) {
			n, err := slowly.Write(make([]byte, 10_000))
			sent += n
			if err != nil {
				break
			}
		}
		slowly.Close()
	}()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, d.outputs.URL+"upload", body)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	said, err := io.ReadAll(response.Body)
	if want := fmt.Sprintf("%d bytes\n", sent); err == nil && string(said) != want {
		err = fmt.Errorf("the answer is %s %q, want %q", response.Status, said, want)
	}
	return err
}

// events reads the events as they come.
func (d *deployment) events(ctx context.Context, long time.Duration) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, d.outputs.URL+"events", nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	lines := bufio.NewReader(response.Body)
	for begun, count := time.Now(), 1; time.Since(begun) < long; count++ {
		// No more than one event has come: the next one is not sent yet.
		event, err := lines.ReadString('\n')
		if _, after := lines.ReadString('\n'); err == nil {
			err = after
		}
		if want := fmt.Sprintf("data: %d\n", count); err == nil && event != want {
			err = fmt.Errorf("the event is %q, want %q", event, want)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// echo talks over a websocket.
func (d *deployment) echo(ctx context.Context, long time.Duration) error {
	url := strings.Replace(d.outputs.URL, "http://", "ws://", 1) + "echo"
	return visit(ctx, "echo", url, long.String())
}

func visit(ctx context.Context, args ...string) error {
	said, err := exec.CommandContext(ctx, visitor(), args...).CombinedOutput()
	if err != nil && len(said) > 0 {
		err = errors.New(strings.TrimSpace(string(said)))
	}
	return err
}

// grpc gets through only if the Service says that its server speaks HTTP/2, as docs/adopt.md says. Updates leave that alone.
func (d *deployment) grpc(t *testing.T) {
	t.Helper()
	address := "127.0.0.1:" + clusterSettings["HTTP_PORT"]
	health := func() error {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		return visit(ctx, "grpc", address)
	}
	if err := health(); err == nil {
		t.Error("gRPC gets through, although the Service does not say so: docs/adopt.md says otherwise")
	}
	d.Kubectl(t, "annotate", "service", "hello-service", "-n", d.name, "traefik.ingress.kubernetes.io/service.serversscheme=h2c")
	d.Pulumi(t, "up", "--refresh")
	for deadline := time.Now().Add(drive.Patience); ; time.Sleep(200 * time.Millisecond) {
		err := health()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Errorf("gRPC: %v", err)
			return
		}
	}
}

// keepsConnections deletes a Pod while clients talk over websockets. Whatever ends within drainTime is not cut.
func (d *deployment) keepsConnections(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var short, long sync.WaitGroup
	var cut sync.Map
	for i := range 4 {
		short.Go(func() {
			if err := d.echo(ctx, 12*time.Second); err != nil {
				t.Errorf("a websocket was cut within drainTime: %v", err)
			}
		})
		long.Go(func() {
			if err := d.echo(ctx, 10*time.Minute); err != nil && ctx.Err() == nil {
				cut.Store(i, err.Error())
			}
		})
	}
	time.Sleep(2 * time.Second) // all are connected
	d.Kubectl(t, "delete", "pod", d.Pods(t, d.name)[0].Name, "-n", d.name, "--wait=false")
	short.Wait()
	d.whole(t)
	time.Sleep(time.Second)
	cancel()
	long.Wait()
	cut.Range(func(_, how any) bool {
		t.Logf("of 4 websockets that stayed, one was cut %s", how)
		return true
	})
}

// testTenMinutes streams for as long as a large upload takes.
func testTenMinutes(t *testing.T) {
	d := streams.copy(t)
	d.up(t)
	d.streams(t, 10*time.Minute)
}
