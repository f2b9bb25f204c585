// Command history copies what Pulumi keeps of a stack's updates from a bucket into a folder, laid out as in the folder of a
// file backend. It has this module's go.mod, and so the drivers and versions that Pulumi's own command line opens buckets with.
//
//	history URL PROJECT STACK FOLDER
//
// The URL is that of PULUMI_BACKEND_URL: s3://, gs:// or azblob://. Credentials come from the environment, as for Pulumi.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"

	"gocloud.dev/blob"
	_ "gocloud.dev/blob/azureblob"
	_ "gocloud.dev/blob/gcsblob"
	_ "gocloud.dev/blob/s3blob"
	"golang.org/x/sync/errgroup"
)

func main() {
	if len(os.Args) != 5 {
		fmt.Fprintln(os.Stderr, "usage: history URL PROJECT STACK FOLDER")
		os.Exit(2)
	}
	if err := run(context.Background(), os.Args[1], path.Join(".pulumi/history", os.Args[2], os.Args[3])+"/", os.Args[4]); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, address, prefix, folder string) error {
	parsed, err := url.Parse(address)
	if err != nil {
		return err
	}
	bucket, err := blob.OpenBucket(ctx, address)
	if err != nil {
		return err
	}
	defer bucket.Close()
	// What follows the bucket's name is a folder to Pulumi, and nothing to the drivers.
	if below := strings.Trim(parsed.Path, "/"); below != "" {
		bucket = blob.PrefixedBucket(bucket, below+"/")
	}
	return copyAll(ctx, bucket, prefix, folder)
}

// copyAll copies the blobs whose keys begin with prefix to files of that name in folder.
func copyAll(ctx context.Context, bucket *blob.Bucket, prefix, folder string) error {
	copies, ctx := errgroup.WithContext(ctx)
	copies.SetLimit(16)
	for blobs := bucket.List(&blob.ListOptions{Prefix: prefix}); ; {
		object, err := blobs.Next(ctx)
		switch {
		case errors.Is(err, io.EOF):
			return copies.Wait()
		case err != nil:
			return errors.Join(copies.Wait(), err)
		case object.IsDir || strings.HasSuffix(object.Key, "/") || !filepath.IsLocal(object.Key):
			continue
		}
		copies.Go(func() error {
			text, err := bucket.ReadAll(ctx, object.Key)
			if err != nil {
				return err
			}
			file := filepath.Join(folder, filepath.FromSlash(object.Key))
			if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
				return err
			}
			return os.WriteFile(file, text, 0o600)
		})
	}
}
