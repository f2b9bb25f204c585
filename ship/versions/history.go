package versions

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	pulumi "github.com/pulumi/pulumi/sdk/v3/go/common/resource/config"
)

// update is a successful `pulumi up` in Pulumi's history of the stack.
type update struct {
	version
	Stack      string
	At         time.Time
	Replicas   int
	Commit     string // that was checked out, with a + if something was not committed; "" if unknown
	Who        string // the author of that commit; "" if unknown
	SignedBy   string // the PEM of the key that signs what is attached to its images; "" if there is none
	Held       bool   // whether the version was held
	Encryption encryption
}

// encryption is what tells the encryption of a stack's secrets from another: a salt, or the key that a service encrypted.
type encryption struct{ Salt, EncryptedKey string }

// everyStack stands for the names of all stacks.
const everyStack = "*"

// readHistory returns the updates of the stack called name, or of every stack, oldest first, from the folder of a file
// backend. It goes as far back as it takes to find so many versions, and leaves out what was destroyed or failed.
func readHistory(state, name string, most int) ([]update, error) {
	files, err := historyFiles(state, name)
	if err != nil {
		return nil, err
	}
	var all []update
	versions := map[string][]string{} // found so far, by their stack's folder
	for _, file := range slices.Backward(files) {
		stack := filepath.Dir(file)
		if len(versions[stack]) == most {
			continue
		}
		u, err := readUpdate(file)
		if err != nil {
			return nil, err
		}
		if u.Image == "" {
			continue
		}
		all = append(all, u)
		if !slices.Contains(versions[stack], u.ID) {
			versions[stack] = append(versions[stack], u.ID)
		}
	}
	slices.Reverse(all)
	slices.SortStableFunc(all, func(a, b update) int { return a.At.Compare(b.At) })
	return all, nil
}

// historyFiles returns the files with the updates of the stacks called name, each stack's oldest first: their names end with the time.
func historyFiles(state, name string) (files []string, err error) {
	history := filepath.Join(state, ".pulumi", "history")
	err = filepath.WalkDir(history, func(file string, _ fs.DirEntry, err error) error {
		if file == history && errors.Is(err, fs.ErrNotExist) {
			return fs.SkipAll
		}
		if of := filepath.Base(filepath.Dir(file)); strings.HasSuffix(file, historyFile) && (name == everyStack || name == of) {
			files = append(files, file)
		}
		return err
	})
	return files, err
}

// historyFile ends the name of a file with an update. One that ends with checkpointFile has the state after it.
const historyFile, checkpointFile = ".history.json", ".checkpoint.json"

// readUpdate reads an entry of the history, with the state after it. The update has no Image if it failed or left no service.
func readUpdate(file string) (u update, err error) {
	var entry struct {
		Kind, Result string
		StartTime    int64
		Environment  map[string]string
		Config       pulumi.Map
	}
	if err := read(file, &entry); err != nil || entry.Kind != "update" || entry.Result != "succeeded" {
		return u, err
	}
	var after struct {
		Checkpoint struct {
			Latest struct {
				SecretsProviders struct{ State encryption } `json:"secrets_providers"`
				Resources        []struct {
					Type    string
					Outputs json.RawMessage
				}
			}
		}
	}
	err = read(strings.TrimSuffix(file, historyFile)+checkpointFile, &after)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return u, err
	}
	for _, resource := range after.Checkpoint.Latest.Resources {
		var outputs struct {
			Image, SignedBy string
			Images          map[string]string
			Replicas        int
		}
		if resource.Type != "pulumi:pulumi:Stack" || json.Unmarshal(resource.Outputs, &outputs) != nil {
			continue
		}
		u = update{
			Stack: filepath.Base(filepath.Dir(file)), At: time.Unix(entry.StartTime, 0), Replicas: outputs.Replicas,
			SignedBy: outputs.SignedBy, Commit: commit(entry.Environment), Who: entry.Environment["git.author"],
			Encryption: after.Checkpoint.Latest.SecretsProviders.State,
		}
		if u.version, err = versionOf(outputs.Image, outputs.Images, entry.Config); err != nil {
			return u, fmt.Errorf("%s: %w", file, err)
		}
	}
	for key := range entry.Config {
		u.Held = u.Held || key.Name() == "hold"
	}
	return u, nil
}

// halfDone reports whether the last update of the stack called name failed after it had changed something.
func halfDone(state, name string) (bool, error) {
	files, err := historyFiles(state, name)
	if err != nil || len(files) == 0 {
		return false, err
	}
	var last struct {
		Kind, Result    string
		ResourceChanges map[string]int
	}
	err = read(files[len(files)-1], &last)
	delete(last.ResourceChanges, "same")
	return last.Kind == "update" && last.Result != "succeeded" && len(last.ResourceChanges) > 0, err
}

// commit returns the commit in what Pulumi knows of the checkout.
func commit(environment map[string]string) string {
	head := fmt.Sprintf("%.7s", environment["git.head"])
	if head != "" && environment["git.dirty"] == "true" {
		head += "+"
	}
	return head
}

func read(file string, into any) error {
	text, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

// latest returns each stack's last count versions, newest first, each with its last update. What was checked out is that of the
// last update that did not just hold the version: it made it.
func latest(updates []update, count int) (last []update) {
	seen := map[string][]string{}
	for _, u := range slices.Backward(updates) {
		of := seen[u.Stack]
		if len(of) < count && !slices.Contains(of, u.ID) {
			seen[u.Stack] = append(of, u.ID)
			u.Commit, u.Who = madeBy(updates, u)
			last = append(last, u)
		}
	}
	return last
}

// madeBy returns the commit, and its author, from which the version of an update was last deployed without being held.
func madeBy(updates []update, of update) (commit, who string) {
	for _, u := range slices.Backward(updates) {
		if u.Stack == of.Stack && u.ID == of.ID && !u.Held {
			return u.Commit, u.Who
		}
	}
	return "", ""
}

var errNoHistory = errors.New("the stack has no history yet: no `pulumi up` has succeeded")

// goBack returns the last update to the version to go back to: the one that [named] finds or, if to is "", the one that was
// deployed before the current one. Rollbacks do not count, so that a second one goes further back.
func goBack(updates []update, to string) (update, error) {
	var order []update // each version's last update, in the order in which they were last deployed
	for _, u := range updates {
		at := slices.IndexFunc(order, func(other update) bool { return other.ID == u.ID })
		switch {
		case at < 0:
			order = append(order, u)
		case !u.Held:
			order = append(slices.Delete(order, at, at+1), u)
		}
	}
	if len(order) == 0 {
		return update{}, errNoHistory
	}
	if to != "" {
		return named(order, to[strings.LastIndex(to, ":")+1:]) // sha256: is no part of a name
	}
	current := updates[len(updates)-1].ID
	at := slices.IndexFunc(order, func(other update) bool { return other.ID == current })
	if at == 0 {
		return update{}, fmt.Errorf("no version ran before %s: `make history` lists all versions", order[0])
	}
	return order[at-1], nil
}

// named returns the one whose name begins with to or, if there is none, whose image's digest does.
func named(versions []update, to string) (update, error) {
	var found []update
	for _, name := range []func(update) string{func(u update) string { return u.ID }, update.digest} {
		if len(found) == 0 {
			found = slices.DeleteFunc(slices.Clone(versions), func(u update) bool { return !strings.HasPrefix(name(u), to) })
		}
	}
	switch len(found) {
	case 0:
		return update{}, fmt.Errorf("no version of the stack begins with %q: `make history` lists them", to)
	case 1:
		return found[0], nil
	}
	return update{}, fmt.Errorf("%d versions of the stack begin with %q: `make history` lists them", len(found), to)
}
