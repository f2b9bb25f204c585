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

// pause is how long to wait for more after a file is saved: an editor or git takes several steps.
const pause = 100 * time.Millisecond

// watch sends on the channel when something may have changed: the time at which the change began. It sends once for all
// that happens between two receives.
func (p project) watch(ctx context.Context) (<-chan time.Time, error) {
	notify, err := fsnotify.NewWatcher()
	if errors.Is(err, syscall.EMFILE) { // clusters on this machine use watchers too
		return nil, fmt.Errorf("%w: this user has all watchers that the system allows; to allow more, run `sysctl fs.inotify.max_user_instances=512` as root", err)
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
		began   time.Time        // zero while there is nothing to send
		settled <-chan time.Time // fires when no more is to be expected
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
		case <-notify.Errors: // the watcher missed something
		case <-settled:
			p.addFolders(notify) // there may be new ones; one that is gone again is no error
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

// addFolders watches all folders of the sources, not the files: an editor may replace a file, which only its folder notices.
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
