// Package download fetches release files and checks them against their publisher's list of checksums.
package download

import (
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"syscall"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// Downloader downloads files. It tries again after an error that may pass, such as an overloaded server or a broken connection.
type Downloader struct {
	// Stall is how long a server may send nothing.
	Stall time.Duration
	// Pause is the time before the second of three tries. The next pause is longer.
	Pause time.Duration
}

// Default is the Downloader for publishers.
var Default = Downloader{Stall: 20 * time.Second, Pause: 2 * time.Second}

// Checksum is what a file must have.
type Checksum struct {
	// Sum is in hexadecimal digits. Their number says of which kind it is.
	Sum string
	// From is where it is written.
	From string
	// Advice says what to do about a file that differs.
	Advice string
}

// File downloads the file at address to the path to, and checks it against its line in the list of checksums at sums. It calls
// progress with how far it is. The error is supply.ErrNoRoute or supply.ErrNotThere if one of the two cannot be had at all.
// After any other error nothing is left at to; the error says what to do.
func (d Downloader) File(ctx context.Context, address, sums, to string, progress func(string)) error {
	want, err := d.listed(ctx, address, sums)
	if err != nil {
		return err
	}
	return d.Pinned(ctx, address, want, to, progress)
}

// Pinned does the same, but checks the file against want, whatever its publisher's list says.
func (d Downloader) Pinned(ctx context.Context, address string, want Checksum, to string, progress func(string)) error {
	if err := d.get(ctx, address, func(body io.Reader, size int64) error {
		return save(to, &watched{body, func(read int64) { progress(Far(read, size)) }, 0}, address, want)
	}); err != nil {
		return errors.Join(err, removed(to))
	}
	return nil
}

// SHA256 returns the SHA-256 of the file at address: the one in the list at sums or, if that has another kind of checksum, the one
// of the file itself, checked against the list.
func (d Downloader) SHA256(ctx context.Context, address, sums string) (string, error) {
	want, err := d.listed(ctx, address, sums)
	if err != nil || len(want.Sum) == 2*sha256.Size {
		return want.Sum, err
	}
	sum := sha256.New()
	err = d.get(ctx, address, func(body io.Reader, _ int64) error {
		sum.Reset()
		return check(sum, body, address, want)
	})
	return hex.EncodeToString(sum.Sum(nil)), err
}

// listed returns the checksum that the list at sums has for the file at address.
func (d Downloader) listed(ctx context.Context, address, sums string) (want Checksum, err error) {
	var list strings.Builder
	if err := d.get(ctx, sums, func(body io.Reader, _ int64) error {
		list.Reset()
		_, err := io.Copy(&list, io.LimitReader(body, 1<<20))
		return err
	}); err != nil {
		return want, err
	}
	want = Checksum{From: sums, Advice: "A proxy may have changed it; if it did not, do not trust the file"}
	if want.Sum, err = sumOf(path.Base(address), list.String()); err == nil {
		_, err = newHash(want.Sum)
	}
	if err != nil {
		err = fmt.Errorf("%s: %w", sums, err)
	}
	return want, err
}

// get downloads address and passes the body to read: up to three times, as long as the error may pass.
func (d Downloader) get(ctx context.Context, address string, read func(body io.Reader, size int64) error) error {
	if err := checkAddress(address); err != nil {
		return err
	}
	return d.Retry(ctx, func() error { return d.try(ctx, address, read) })
}

const tries = 3

// Retry calls do up to three times, with pauses, until it succeeds or returns a [backoff.PermanentError].
func (d Downloader) Retry(ctx context.Context, do func() error) error {
	pauses := backoff.NewExponentialBackOff()
	pauses.InitialInterval = d.Pause
	_, err := backoff.Retry(ctx, func() (struct{}, error) { return struct{}{}, do() },
		backoff.WithBackOff(pauses), backoff.WithMaxTries(tries))
	return err
}

// try asks once. An error that will not pass is permanent.
func (d Downloader) try(ctx context.Context, address string, read func(body io.Reader, size int64) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	stalled := time.AfterFunc(d.Stall, func() { cancel(errStalled{d.Stall}) })
	defer stalled.Stop()

	response, err := ask(ctx, address)
	if err != nil {
		return explain(ctx, address, err)
	}
	defer response.Body.Close()
	if err := explainStatus(address, response); err != nil {
		return err
	}
	err = read(&watched{response.Body, func(int64) { stalled.Reset(d.Stall) }, 0}, response.ContentLength)
	if file := new(fs.PathError); errors.As(err, &file) || errors.Is(err, errRefused) {
		return backoff.Permanent(err)
	}
	if err != nil {
		return explain(ctx, address, fmt.Errorf("it ended early: %w", err))
	}
	return nil
}

// watched tells after each read how much was read in all.
type watched struct {
	io.Reader
	tell func(read int64)
	read int64
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.Reader.Read(p)
	if w.read += int64(n); n > 0 {
		w.tell(w.read)
	}
	return n, err
}

// Far says how many MB of a size in bytes have been read. A size below 1 is unknown.
func Far(read, size int64) string {
	if size < 1 {
		return fmt.Sprintf("%d MB", read>>20)
	}
	return fmt.Sprintf("%d of %d MB", read>>20, (size+1<<20-1)>>20)
}

// errRefused marks a file that is not the published one.
var errRefused = errors.New("refused")

// save writes body to the file to. It refuses a body whose checksum is not want.
func save(to string, body io.Reader, address string, want Checksum) (err error) {
	file, err := os.Create(to)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	return check(file, body, address, want)
}

// check copies body. It refuses a body whose checksum is not want.
func check(to io.Writer, body io.Reader, address string, want Checksum) error {
	sum, err := newHash(want.Sum)
	if err != nil {
		return fmt.Errorf("%s: %w: %w", want.From, err, errRefused)
	}
	_, err = io.Copy(io.MultiWriter(to, sum), body)
	if errors.Is(err, syscall.ENOSPC) {
		return fmt.Errorf("%w: free some space, or set HELLO_WORLD_CACHE to a folder elsewhere", err)
	}
	if err != nil {
		return err
	}
	if got := hex.EncodeToString(sum.Sum(nil)); got != want.Sum {
		return fmt.Errorf("%s has the checksum %s, but %s says %s: %w. %s", address, got, want.From, want.Sum, errRefused, want.Advice)
	}
	return nil
}

func removed(file string) error {
	if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// sumOf returns the checksum of the file called name from a list in the format of the sha256sum command.
func sumOf(name, list string) (string, error) {
	for line := range strings.Lines(list) {
		fields := strings.Fields(line)
		// A list for a single file may leave out its name.
		if len(fields) == 1 || len(fields) == 2 && path.Base(strings.TrimPrefix(fields[1], "*")) == name {
			return strings.ToLower(fields[0]), nil
		}
	}
	return "", fmt.Errorf("it has no checksum for %s", name)
}

// newHash returns the hash function whose sums are as long as sum: publishers use different ones. The lists of Pulumi's plugins
// have SHA-1, for want of an option of shasum.
func newHash(sum string) (hash.Hash, error) {
	if digits, err := hex.DecodeString(sum); err == nil {
		switch len(digits) {
		case sha1.Size:
			return sha1.New(), nil
		case sha256.Size:
			return sha256.New(), nil
		case sha512.Size:
			return sha512.New(), nil
		}
	}
	return nil, fmt.Errorf("%q is not a SHA-1, SHA-256 or SHA-512 checksum", sum)
}
