//go:build e2e

package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"example.com/hello-world/e2e/internal/drive"
)

// live is a stack, and its page for people in a browser that shows it.
type live struct {
	drive.Outputs
	*drive.Browser
}

// TestLive watches the live view, as people do, while the service is scaled, loses a Pod and changes its version.
func TestLive(t *testing.T) {
	hello.Pulumi(t, "stack", "init", "live")
	hello.Configure(t, clusterSettings)
	hello.Pulumi(t, "up")
	l := &live{Outputs: hello.Outputs(t)}
	drive.Eventually(t, l.URL, drive.IsGreeting)
	l.Browser = drive.Open(t, l.URL)
	l.Resize(t, desktop.width, desktop.height, pixels)

	for _, step := range []struct {
		name string
		run  func(*testing.T)
	}{
		{"OnePod", l.testOnePod},
		{"Scale", l.testScale},
		{"Looks", l.testLooks},
		{"Keyboard", l.testKeyboard},
		{"ScreenReader", l.testScreenReader},
		{"NobodyLooks", l.testNobodyLooks},
		{"DeletedPod", l.testDeletedPod},
		{"Rollout", l.testRollout},
	} {
		if !t.Run(step.name, step.run) {
			t.Errorf("the steps after %s were not run", step.name)
			break
		}
	}
	if complaints, errors := l.Complaints(), l.see(t).Errors; len(complaints) > 0 || errors > 0 {
		t.Errorf("the page counts %d errors, the browser complains: %q", errors, complaints)
	}
	hello.Pulumi(t, "destroy")
	hello.Pulumi(t, "stack", "rm", "live", "--yes")
}

func (l *live) testOnePod(t *testing.T) {
	v := l.eventually(t, "the one Pod", l.shows(1))
	if v.Greeting != "Hello world" || v.Summary != "1 Pod on 1 node answers, version "+v.Pods[0].Version+"." {
		t.Errorf("it says %q and %q", v.Greeting, v.Summary)
	}
	below := &live{l.Outputs, drive.Open(t, l.URL+"/below/")}
	below.eventually(t, "the same below the path", below.shows(1))
}

func (l *live) testScale(t *testing.T) {
	hello.Pulumi(t, "config", "set", "replicas", "3")
	hello.Pulumi(t, "up")
	l.eventually(t, "three Pods", l.shows(3))
	// Each Pod is asked, and says how often it was.
	l.eventually(t, "an equal spread", func(t *testing.T, v view) bool {
		return !slices.ContainsFunc(v.Pods, func(pod shown) bool { return pod.Share < 15 || pod.Answered < 5 })
	})
}

func (l *live) testDeletedPod(t *testing.T) {
	// The page is asked whether it ever showed the Pod as leaving: that may be over before it can be seen from here.
	drive.Evaluate[bool](t, l.Browser, `window.left = new Set(), new MutationObserver(() => {
		for (const pod of document.querySelectorAll('.fading .name')) left.add(pod.textContent);
	}).observe(document.body, { subtree: true, attributes: true }), true`)
	lost := l.see(t).Pods[0].Name
	hello.Kubectl(t, "delete", "pod", lost, "-n", l.Namespace)

	after := l.eventually(t, "a replacement of "+lost, func(t *testing.T, v view) bool {
		return l.shows(3)(t, v) && !slices.ContainsFunc(v.Pods, func(pod shown) bool { return pod.Name == lost })
	})
	if !drive.Evaluate[bool](t, l.Browser, fmt.Sprintf("left.has(%q)", lost)) {
		t.Errorf("%s went without having faded; there are %+v", lost, after.Pods)
	}
}

// testRollout edits the greeting. The page goes over to it with the Pods, without being loaded again.
func (l *live) testRollout(t *testing.T) {
	before := l.see(t)
	const file, old, new = "app/hello.go", `"Hello world"`, `"Hello again"`
	hello.Edit(t, file, old, new)
	t.Cleanup(func() { hello.Edit(t, file, new, old) })

	done := make(chan error, 1)
	go func() {
		_, err := hello.Output("pulumi", "--non-interactive", "up")
		done <- err
	}()
	l.eventuallyWithin(t, 3*time.Minute, "both versions, each in its colour", func(t *testing.T, v view) bool {
		versions := map[string]string{}
		for _, pod := range v.Pods {
			versions[pod.Colour] = pod.Version
		}
		return len(versions) == 2 && versions[before.Pods[0].Colour] == before.Pods[0].Version
	})
	if picturesWanted() { // with the old Pods about to go
		l.eventually(t, "fading Pods", func(t *testing.T, v view) bool {
			return v.Pods[0].Fading && strings.HasPrefix(v.Summary, "3 Pods")
		})
		l.picture(t, "live-rollout")
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	after := l.eventually(t, "the new version", func(t *testing.T, v view) bool {
		return l.shows(3)(t, v) && v.Greeting == "Hello again"
	})
	for _, pod := range after.Pods {
		if pod.Version != after.Pods[0].Version || pod.Version == before.Pods[0].Version {
			t.Errorf("after a rollout of %s, there is %+v", before.Pods[0].Version, pod)
		}
	}
}

// view is what the page shows.
type view struct {
	Greeting, Summary string
	Pods              []shown
	Answers, Errors   int
}

// shown is a Pod on the page.
type shown struct {
	Name, Node, IP, Version, Colour string
	Fading                          bool
	Answered, Share                 int
}

// see reads the page.
func (l *live) see(t *testing.T) view {
	t.Helper()
	return drive.Evaluate[view](t, l.Browser, `(() => {
		const text = (within, selector) => within.querySelector(selector).textContent;
		const number = (within, selector) => parseInt(text(within, selector).replaceAll(',', ''));
		return {
			greeting: text(document, 'h1'),
			summary: text(document, '[role=status]'),
			answers: number(document, '#answers'),
			errors: number(document, '#errors'),
			pods: [...document.querySelectorAll('article')].map(pod => ({
				name: text(pod, '.name'),
				node: text(pod.closest('.node'), 'h3 span'),
				ip: text(pod, '.ip dd'),
				version: text(pod, '.version dd'),
				colour: getComputedStyle(pod).getPropertyValue('--c'),
				fading: pod.classList.contains('fading'),
				answered: number(pod, '.requests dd'),
				share: number(pod, '.share dd'),
			})),
		};
	})()`)
}

// shows accepts a view of so many Pods if those are the ones that the cluster has, where it has them.
func (l *live) shows(count int) func(*testing.T, view) bool {
	return func(t *testing.T, v view) bool {
		if len(v.Pods) != count || !strings.HasPrefix(v.Summary, fmt.Sprintf("%d Pod", count)) {
			return false
		}
		want := hello.Kubectl(t, "get", "pods", "-n", l.Namespace, "-o",
			`jsonpath={range .items[*]}{.metadata.name}/{.spec.nodeName}/{.status.podIP} {end}`)
		var got []string
		for _, pod := range v.Pods {
			if !pod.Fading {
				got = append(got, pod.Name+"/"+pod.Node+"/"+pod.IP)
			}
		}
		slices.Sort(want)
		slices.Sort(got)
		return slices.Equal(got, want)
	}
}

func (l *live) eventually(t *testing.T, what string, accept func(*testing.T, view) bool) view {
	t.Helper()
	return l.eventuallyWithin(t, 2*drive.Patience, what, accept)
}

func (l *live) eventuallyWithin(t *testing.T, patience time.Duration, what string, accept func(*testing.T, view) bool) view {
	t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(100 * time.Millisecond) {
		v := l.see(t)
		if accept(t, v) {
			return v
		}
		if time.Now().After(deadline) {
			t.Fatalf("after %s the page does not show %s, but %+v", patience, what, v)
		}
	}
}
