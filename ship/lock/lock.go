// Package lock lets one process at a time change something. A process that is killed gives its locks back.
package lock

import (
	"context"
	"time"

	"github.com/gofrs/flock"
)

// Take takes the lock that a file stands for, and calls waits if it has to wait for another process.
func Take(ctx context.Context, file string, waits func()) (release func(), err error) {
	lock := flock.New(file)
	got, err := lock.TryLock()
	if err == nil && !got {
		waits()
		if _, err = lock.TryLockContext(ctx, time.Second); ctx.Err() != nil {
			err = context.Cause(ctx)
		}
	}
	return func() { lock.Unlock() }, err
}
