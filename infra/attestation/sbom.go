package attestation

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"debug/buildinfo"
	"errors"
	"io"
	"net/url"
	"path"
	"runtime/debug"
	"slices"
	"strings"

	cyclonedx "github.com/CycloneDX/cyclonedx-go"
	v1 "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2"
	"oras.land/oras-go/v2/content"
	"oras.land/oras-go/v2/registry/remote"
)

// programOf returns what the Go program that the image runs on a platform says about itself; nil if it runs none.
func programOf(ctx context.Context, repository *remote.Repository, image v1.Descriptor, platform string) (*debug.BuildInfo, error) {
	on := v1.Platform{}
	on.OS, on.Architecture, _ = strings.Cut(platform, "/")
	on.Architecture, on.Variant, _ = strings.Cut(on.Architecture, "/")
	image, err := oras.Resolve(ctx, repository, image.Digest.String(), oras.ResolveOptions{TargetPlatform: &on})
	if err != nil {
		return nil, err
	}
	var manifest v1.Manifest
	if err := fetchJSON(ctx, repository, image, &manifest); err != nil {
		return nil, err
	}
	var runs v1.Image
	if err := fetchJSON(ctx, repository, manifest.Config, &runs); err != nil {
		return nil, err
	}
	// A shell or an init may start it.
	var names []string
	for word := range strings.FieldsSeq(strings.Join(slices.Concat(runs.Config.Entrypoint, runs.Config.Cmd), " ")) {
		names = append(names, path.Base(word))
	}
	for _, layer := range slices.Backward(manifest.Layers) {
		if program, err := programIn(ctx, repository, layer, names); program != nil || err != nil {
			return program, err
		}
	}
	return nil, nil
}

// programIn returns what the first Go program in a layer with one of the names says about itself; nil if there is none.
func programIn(ctx context.Context, repository *remote.Repository, layer v1.Descriptor, names []string) (program *debug.BuildInfo, err error) {
	blob, err := repository.Blobs().Fetch(ctx, layer)
	if err != nil {
		return nil, err
	}
	defer blob.Close()
	verified := content.NewVerifyReader(blob, layer)
	unpacked := io.Reader(verified)
	if strings.HasSuffix(layer.MediaType, "gzip") {
		if unpacked, err = gzip.NewReader(verified); err != nil {
			return nil, err
		}
	}
	files := tar.NewReader(unpacked)
	for program == nil {
		file, err := files.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if file.Typeflag != tar.TypeReg || !slices.Contains(names, path.Base(file.Name)) {
			continue
		}
		text, err := io.ReadAll(files)
		if err != nil {
			return nil, err
		}
		program, _ = buildinfo.Read(bytes.NewReader(text)) // an error says that it is no Go program
	}
	if _, err := io.Copy(io.Discard, verified); err != nil {
		return nil, err
	}
	return program, verified.Verify()
}

// standardLibrary is what SBOMs call Go's.
const standardLibrary = "std"

// bomOf returns the SBOM of a Go program: its modules, and the version of Go, which is that of the standard library.
func bomOf(program *debug.BuildInfo) *cyclonedx.BOM {
	bom := cyclonedx.NewBOM()
	main := component(cyclonedx.ComponentTypeApplication, program.Main.Path, program.Main.Version)
	bom.Metadata = &cyclonedx.Metadata{Component: &main}
	modules := []cyclonedx.Component{component(cyclonedx.ComponentTypeLibrary, standardLibrary, strings.TrimPrefix(program.GoVersion, "go"))}
	for _, module := range program.Deps {
		if module.Replace != nil && module.Replace.Version != "" {
			module = module.Replace
		}
		modules = append(modules, component(cyclonedx.ComponentTypeLibrary, module.Path, module.Version))
	}
	bom.Components = &modules
	return bom
}

// component returns a module as a component of an SBOM.
func component(of cyclonedx.ComponentType, module, version string) cyclonedx.Component {
	packageURL := "pkg:golang/" + module
	if version == "(devel)" {
		version = ""
	} else if version != "" {
		packageURL += "@" + url.QueryEscape(version)
	}
	return cyclonedx.Component{Type: of, BOMRef: packageURL, Name: module, Version: version, PackageURL: packageURL}
}
