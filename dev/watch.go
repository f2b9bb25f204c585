package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"syscall"
	"time"

	"github.com/fsnotify/fsnotify"
)

// pause is how long nothing has to happen after something has been saved: an editor or git takes several steps.
const pause = 100 * time.Millisecond

// watch sends on the channel when something may have changed: the time at which it began to. What happens while nobody
// listens is one more such time.
func (p project) watch(ctx context.Context) (<-chan time.Time, error) {
	notify, err := fsnotify.NewWatcher()
	if errors.Is(err, syscall.EMFILE) { // clusters on this machine take some, too
		return nil, fmt.Errorf("%w: this user has all watchers that the system allows, `sysctl fs.inotify.max_user_instances=512` as root allows more", err)
	}
	if err != nil {
		return nil, err
	}
	if err := p.addFolders(notify); err != nil {
		notify.Close()
		return nil, err
	}
	touched := make(chan time.Time)
	go func() {
		defer notify.Close()
		p.follow(ctx, notify, touched)
	}()
	return touched, nil
}

func (p project) follow(ctx context.Context, notify *fsnotify.Watcher, touched chan<- time.Time) {
	var (
		began   time.Time        // zero, when there is nothing to tell
		settled <-chan time.Time // until then there may be more to come
		send    chan<- time.Time // touched, from then on
	)
	for {
		select {
		case <-ctx.Done():
			return
		case event := <-notify.Events:
			if event.Op == fsnotify.Chmod || !p.isSource(event.Name) {
				continue
			}
		case <-notify.Errors: // something was missed
		case <-settled:
			p.addFolders(notify) // there may be new ones; one that has gone again is no error
			settled, send = nil, touched
			continue
		case send <- began:
			began, send = time.Time{}, nil
			continue
		}
		if began.IsZero() {
			began = time.Now()
		}
		settled, send = time.After(pause), nil
	}
}

// addFolders watches all folders of the sources: a file may be replaced by another one, which its folder notices.
func (p project) addFolders(notify *fsnotify.Watcher) error {
	if err := notify.Add(p.folder); err != nil {
		return err
	}
	return p.walk(func(name string, entry fs.DirEntry) error {
		if !entry.IsDir() {
			return nil
		}
		return notify.Add(filepath.Join(p.folder, name))
	})
}
