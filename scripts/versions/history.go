package main

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
)

// update is a successful `pulumi up` in Pulumi's history of the stack.
type update struct {
	Stack    string
	At       time.Time
	Image    string // by digest
	Replicas int
	Who      string // the author of the commit that was checked out; "" if unknown
	Held     bool   // whether the image was held
}

// readHistory returns the updates of the stack called name, or of each stack for "*", oldest first, from the folder of a
// file backend. It goes as far back as it takes to find so many versions, and leaves out what was destroyed or failed.
func readHistory(state, name string, most int) ([]update, error) {
	stacks, err := filepath.Glob(filepath.Join(state, ".pulumi", "history", "*", name))
	if err != nil {
		return nil, err
	}
	var all []update
	for _, stack := range stacks {
		files, err := filepath.Glob(filepath.Join(stack, "*.history.json"))
		if err != nil {
			return nil, err
		}
		versions := map[string]bool{}
		for _, file := range slices.Backward(files) { // their names end with the time
			u, err := readUpdate(file)
			if err != nil {
				return nil, err
			}
			if u.Image == "" {
				continue
			}
			all = append(all, u)
			if versions[u.Image] = true; len(versions) == most {
				break
			}
		}
	}
	slices.Reverse(all)
	slices.SortStableFunc(all, func(a, b update) int { return a.At.Compare(b.At) })
	return all, nil
}

// readUpdate reads an entry of the history, with the state after it. The update has no Image if it failed or left no
// service.
func readUpdate(file string) (u update, err error) {
	var entry struct {
		Kind, Result string
		StartTime    int64
		Environment  map[string]string
		Config       map[string]any
	}
	if err := read(file, &entry); err != nil || entry.Kind != "update" || entry.Result != "succeeded" {
		return u, err
	}
	var after struct {
		Checkpoint struct {
			Latest struct {
				Resources []struct {
					Type    string
					Outputs json.RawMessage
				}
			}
		}
	}
	err = read(strings.TrimSuffix(file, ".history.json")+".checkpoint.json", &after)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return u, err
	}
	for _, resource := range after.Checkpoint.Latest.Resources {
		var outputs struct {
			Image    string
			Replicas int
		}
		if resource.Type == "pulumi:pulumi:Stack" && json.Unmarshal(resource.Outputs, &outputs) == nil {
			u = update{
				Stack: filepath.Base(filepath.Dir(file)), At: time.Unix(entry.StartTime, 0), Who: entry.Environment["git.author"],
				Image: outputs.Image, Replicas: outputs.Replicas,
			}
		}
	}
	for key := range entry.Config {
		u.Held = u.Held || strings.HasSuffix(key, ":hold")
	}
	return u, nil
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

// latest returns each stack's last count versions, newest first, each with its last update.
func latest(updates []update, count int) (last []update) {
	seen := map[string][]string{}
	for _, u := range slices.Backward(updates) {
		if images := seen[u.Stack]; len(images) < count && !slices.Contains(images, u.Image) {
			seen[u.Stack] = append(images, u.Image)
			last = append(last, u)
		}
	}
	return last
}

var errNoHistory = errors.New("the stack has no history yet: no `pulumi up` has succeeded")

// previous returns the version to go back to: the one whose digest begins with to, or, if to is "", the one that was
// deployed before the current one. Rollbacks do not count, so that a second one goes further back.
func previous(updates []update, to string) (string, error) {
	var images []string // in the order in which they were last deployed
	for _, u := range updates {
		if u.Held && slices.Contains(images, u.Image) {
			continue
		}
		images = append(slices.DeleteFunc(images, func(image string) bool { return image == u.Image }), u.Image)
	}
	if len(images) == 0 {
		return "", errNoHistory
	}
	current := slices.Index(images, updates[len(updates)-1].Image)
	switch {
	case to != "":
		for _, image := range images {
			if _, digest, _ := strings.Cut(image, "@sha256:"); strings.HasPrefix(digest, strings.TrimPrefix(to, "sha256:")) {
				return image, nil
			}
		}
		return "", fmt.Errorf("no version of the stack has a digest that begins with %q: `make history` lists them", to)
	case current == 0:
		return "", fmt.Errorf("no version ran before %s: `make history` lists all versions", images[0])
	}
	return images[current-1], nil
}
