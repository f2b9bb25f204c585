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

// liveView is a stack, and a browser that shows its page.
type liveView struct {
	drive.Outputs
	*drive.Browser
}

// live watches the live view while the service is scaled, loses a Pod and changes its version.
var live = drive.Suite{Name: "Live", Scenarios: []drive.Scenario{
	{Name: "OnePod", Run: testOnePod, Soak: true},
	{Name: "ScaledUp", Run: testScaledUp},
	{Name: "Looks", Run: testLooks, Soak: true},
	{Name: "Keyboard", Run: testKeyboard, Soak: true},
	{Name: "ScreenReader", Run: testScreenReader},
	{Name: "Plots", Run: testPlots},
	{Name: "Hidden", Run: testHidden, Soak: true},
	{Name: "DeletedPod", Run: testDeletedPod, Soak: true},
	{Name: "Rollout", Run: testRollout},
}}

// watched opens the page of a stack with so many Pods. The browser must have no complaints when the test ends.
func watched(t *testing.T, replicas int) *liveView {
	t.Helper()
	l := &liveView{Outputs: hello.Running(t, fmt.Sprintf("replicas=%d", replicas))}
	l.Browser = drive.Open(t, l.URL)
	l.Resize(t, desktop.width, desktop.height, pixels)
	l.eventually(t, "all Pods", l.shows(replicas))
	t.Cleanup(func() {
		if complaints := l.Complaints(); len(complaints) > 0 {
			t.Errorf("the browser complains: %q", complaints)
		}
	})
	return l
}

func testOnePod(t *testing.T) {
	l := watched(t, 1)
	v := l.eventually(t, "the one Pod", l.shows(1))
	if v.Greeting != "Hello world" || v.Summary != "1 Pod on 1 node answers, version "+v.Pods[0].Version+"." {
		t.Errorf("it says %q and %q", v.Greeting, v.Summary)
	}
	below := &liveView{l.Outputs, drive.Open(t, l.URL+"/below/")}
	below.eventually(t, "the same below the path", below.shows(1))
}

func testScaledUp(t *testing.T) {
	l := watched(t, 1)
	hello.Pulumi(t, "config", "set", "replicas", "3")
	hello.Pulumi(t, "up")
	l.eventually(t, "three Pods", l.shows(3))
	// The page asks each Pod, and each says how often it has answered.
	l.eventually(t, "an equal spread", func(t *testing.T, v view) bool {
		return !slices.ContainsFunc(v.Pods, func(pod shown) bool { return pod.Share < 15 || pod.Answered < 5 })
	})
}

func testDeletedPod(t *testing.T) {
	l := watched(t, 3)
	// Let the page record whether it ever showed the Pod as leaving: that may be over before the test can see it.
	drive.Evaluate[bool](t, l.Browser, `window.left = new Set(), new MutationObserver(() => {
		for (const pod of document.querySelectorAll('.fading .name')) left.add(pod.textContent);
	}).observe(document.body, { subtree: true, attributes: true }), true`)
	lost := l.see(t).Pods[0].Name
	hello.Kubectl(t, "delete", "pod", lost, "-n", l.Namespace)

	after := l.eventually(t, "a replacement of "+lost, func(t *testing.T, v view) bool {
		return l.shows(3)(t, v) && !slices.ContainsFunc(v.Pods, func(pod shown) bool { return pod.Name == lost })
	})
	if !drive.Evaluate[bool](t, l.Browser, fmt.Sprintf("left.has(%q)", lost)) {
		t.Errorf("%s went without fading; there are %+v", lost, after.Pods)
	}
}

// testRollout edits the greeting. The page changes to it along with the Pods, without a reload.
func testRollout(t *testing.T) {
	l := watched(t, 3)
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
func (l *liveView) see(t *testing.T) view {
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

// shows accepts a view of so many Pods if the cluster has the same ones on the same nodes.
func (l *liveView) shows(count int) func(*testing.T, view) bool {
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

func (l *liveView) eventually(t *testing.T, what string, accept func(*testing.T, view) bool) view {
	t.Helper()
	return l.eventuallyWithin(t, 2*drive.Patience, what, accept)
}

func (l *liveView) eventuallyWithin(t *testing.T, patience time.Duration, what string, accept func(*testing.T, view) bool) view {
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
