package pulumi

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/mitchellh/go-wordwrap"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/urn"

	"example.com/hello-world/supplier/progress"
)

// display shows an update on a terminal: a line for each object that it changes, below them what is under way, and at the end
// the warnings, or all that was said about a failure, and the number of changes.
type display struct {
	progress.Printer
	stack string
	began time.Time

	mutex  sync.Mutex
	ticker *time.Timer // nil when it has ended

	since    map[urn.URN]time.Time   // when the work on each resource began
	said     map[urn.URN]*paragraphs // what was said about it
	order    []urn.URN               // of what was said
	failed   bool
	underWay string
	changes  *apitype.SummaryEvent
}

// paragraphs are what was said about a resource.
type paragraphs struct {
	text   string
	warned bool
}

func newDisplay(to progress.Printer, stack string) *display {
	d := &display{Printer: to, stack: stack, began: time.Now(), since: map[urn.URN]time.Time{}, said: map[urn.URN]*paragraphs{}, underWay: "stack " + stack + ": pulumi starts"}
	d.stays("")
	d.ticker = time.AfterFunc(time.Second, d.tick)
	return d
}

// tick shows how long it takes.
func (d *display) tick() {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if d.ticker != nil {
		d.stays("")
		d.ticker.Reset(time.Second)
	}
}

// take shows one event.
func (d *display) take(event apitype.EngineEvent) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	switch {
	case event.PreludeEvent != nil: // a preview, or what follows one that went well
		d.said, d.order, d.changes = map[urn.URN]*paragraphs{}, nil, nil
	case event.ResourcePreEvent != nil:
		of, resource := event.ResourcePreEvent, urn.URN(event.ResourcePreEvent.Metadata.URN)
		d.since[resource] = time.Now()
		if of.Planning {
			d.underWay = "stack " + d.stack + ": preview"
		} else if doing := doing[of.Metadata.Op]; doing != "" && isObject(resource) {
			d.underWay = named(resource) + ": " + doing
		}
		d.stays("")
	case event.ResOutputsEvent != nil:
		of, resource := event.ResOutputsEvent.Metadata, urn.URN(event.ResOutputsEvent.Metadata.URN)
		if done := done[of.Op]; done != "" && !event.ResOutputsEvent.Planning && isObject(resource) {
			if resource.Type().Name() == "Deployment" {
				d.underWay = "what needs " + resource.Name() + " waits for its Pods"
			}
			d.stays(d.Ended(fmt.Sprintf("%s: %s in %s", named(resource), done, short(time.Since(d.since[resource])))))
		}
	case event.ResOpFailedEvent != nil:
		d.failed = true
	case event.DiagnosticEvent != nil:
		d.hear(event.DiagnosticEvent)
	case event.SummaryEvent != nil:
		d.changes = event.SummaryEvent
	}
}

// hear shows what says how far something is, and keeps the rest for the end.
func (d *display) hear(said *apitype.DiagnosticEvent) {
	resource, text := urn.URN(said.URN), strings.TrimRight(said.Message, "\n")
	if said.Ephemeral {
		if first, _, _ := strings.Cut(text, "\n"); first != "" && isObject(resource) {
			d.underWay = named(resource) + ": " + first
			d.stays("")
		}
		return
	}
	if text == "" || text == "update failed" { // which gives no reason
		return
	}
	about := d.said[resource]
	if about == nil {
		about = &paragraphs{}
		d.said[resource] = about
		d.order = append(d.order, resource)
	}
	switch said.Severity {
	case string(diag.Error):
		d.failed = true
		text = "error: " + text
	case string(diag.Warning):
		about.warned = true
		text = "warning: " + text
	}
	about.text += "    " + strings.ReplaceAll(text, "\n", "\n    ") + "\n"
}

// stays prints lines to stay, and below them what is under way.
func (d *display) stays(lines string) {
	io.WriteString(d.Out, "\r\x1b[K"+lines+"\x1b[?7l"+strings.TrimSuffix(d.UnderWay(d.underWay+", "+progress.Span(time.Since(d.began))), "\n")+"\x1b[?7h")
}

// end prints what was said, the complaint included, and the number of changes.
func (d *display) end(complaint string) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.ticker.Stop()
	d.ticker = nil
	io.WriteString(d.Out, "\r\x1b[K")
	for _, resource := range d.order {
		about := d.said[resource]
		asked := strings.Contains(about.text, "deleteUnreachable") // by `make down`
		if d.failed || about.warned && !asked {
			of := "stack " + d.stack
			if resource.IsValid() {
				of = fmt.Sprintf("%s (%s)", resource.Type(), resource.Name())
			}
			io.WriteString(d.Out, wordwrap.WrapString("\n  "+of+":\n"+about.text, 79))
		}
	}
	io.WriteString(d.Out, complaint)
	took := progress.Span(time.Since(d.began))
	switch counts := counts(d.changes); {
	case d.failed:
		fmt.Fprintf(d.Out, "\n  stack %s: %sfailed after %s\n", d.stack, counts, took)
	case d.changes != nil:
		d.Say("stack %s: %safter %s", d.stack, counts, took)
	}
}

// What Pulumi does with a resource, and how many it has done that with.
var (
	doing = map[apitype.OpType]string{
		apitype.OpCreate: "creating", apitype.OpUpdate: "updating", apitype.OpDelete: "deleting",
		apitype.OpCreateReplacement: "creating its replacement", apitype.OpDeleteReplaced: "deleting what was replaced",
	}
	done = map[apitype.OpType]string{
		apitype.OpCreate: "created", apitype.OpUpdate: "updated", apitype.OpDelete: "deleted",
		apitype.OpCreateReplacement: "created", apitype.OpDeleteReplaced: "deleted",
	}
	counted = []struct {
		op   apitype.OpType
		text string
	}{
		{apitype.OpCreate, "+ %d created"}, {apitype.OpUpdate, "~ %d updated"}, {apitype.OpReplace, "+-%d replaced"},
		{apitype.OpDelete, "- %d deleted"}, {apitype.OpSame, "%d unchanged"},
	}
)

// counts returns the numbers of changes, each followed by a comma.
func counts(of *apitype.SummaryEvent) (text string) {
	if of == nil {
		return ""
	}
	for _, c := range counted {
		if count := of.ResourceChanges[c.op]; count > 0 {
			text += fmt.Sprintf(c.text, count) + ", "
		}
	}
	return text
}

// isObject reports whether a resource is something outside of the state, as components and providers are not.
func isObject(resource urn.URN) bool {
	if !resource.IsValid() {
		return false
	}
	kind := string(resource.Type())
	return strings.HasPrefix(kind, "docker:index/") || !strings.HasPrefix(kind, "pulumi:") && strings.Contains(kind, "/")
}

func named(resource urn.URN) string {
	return string(resource.Type().Name()) + " " + resource.Name()
}

// short formats how long a step took, such as 0.2s or 12s.
func short(took time.Duration) string {
	if took < 10*time.Second {
		return fmt.Sprintf("%.1fs", took.Seconds())
	}
	return progress.Span(took)
}
