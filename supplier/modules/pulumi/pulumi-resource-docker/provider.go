package main

import (
	"context"
	"fmt"

	p "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi-go-provider/middleware/cancel"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/property"
)

const imageType = "docker:index/image:Image"

// newProvider answers the calls of the Pulumi engine; those about images are in image.go. It uses property maps, not
// pulumi-go-provider's typed resources: its records must match the official plugin's to the letter.
func newProvider() p.Provider {
	// cancel.Wrap makes Ctrl-C end the context of every call under way.
	return cancel.Wrap(p.Provider{
		CheckConfig: checkConfig,
		// Images outlive the engine that built them, so nothing here replaces them.
		DiffConfig: func(context.Context, p.DiffRequest) (p.DiffResponse, error) { return p.DiffResponse{}, nil },
		Invoke: func(_ context.Context, req p.InvokeRequest) (p.InvokeResponse, error) {
			return p.InvokeResponse{}, notImplemented(string(req.Token))
		},
		Check:  checkImage,
		Diff:   diffImage,
		Create: createImage,
		Read:   readImage,
		Update: updateImage,
		Delete: deleteImage,
	})
}

func checkConfig(_ context.Context, req p.CheckRequest) (p.CheckResponse, error) {
	// The engine adds the version to every provider's configuration.
	problems := refuse("", req.Inputs, inputs{"version": text})
	return p.CheckResponse{Inputs: req.Inputs, Failures: failures(problems...)}, nil
}

// failures leaves the Property of each failure empty: the engine would print a value with it, and finds none for a nested
// property. Each problem starts with the path of the input instead.
func failures(problems ...string) (list []p.CheckFailure) {
	for _, problem := range problems {
		list = append(list, p.CheckFailure{Reason: problem})
	}
	return list
}

// onlyImages refuses the official plugin's other resources. Check comes first for each resource that a program declares, but
// Read and Delete may be the first call for one that is only in the state.
func onlyImages(urn resource.URN) error {
	if t := string(urn.Type()); t != imageType {
		return notImplemented(t)
	}
	return nil
}

func notImplemented(token string) error {
	return fmt.Errorf("this build of the docker plugin implements only %s, not %s: "+
		"install the official plugin with `pulumi plugin install resource docker %s`",
		imageType, token, version)
}

// compare lists the differences between two sets of inputs, none of which calls for a replacement.
func compare(old, new property.Map) p.DiffResponse {
	diff := map[string]p.PropertyDiff{}
	differences(nil, old, new, diff)
	return p.DiffResponse{HasChanges: len(diff) > 0, DetailedDiff: diff}
}

func differences(at resource.PropertyPath, old, new property.Map, diff map[string]p.PropertyDiff) {
	note := func(name string, kind p.DiffKind) {
		path := append(at[:len(at):len(at)], name)
		diff[path.String()] = p.PropertyDiff{Kind: kind, InputDiff: true}
	}
	for name, was := range old.All {
		is, kept := new.GetOk(name)
		switch {
		case !kept:
			note(name, p.Delete)
		case was.IsMap() && is.IsMap():
			differences(append(at[:len(at):len(at)], name), was.AsMap(), is.AsMap(), diff)
		// A value that has become a secret is still the same value.
		case !was.WithSecret(false).Equals(is.WithSecret(false)):
			note(name, p.Update)
		}
	}
	for name := range new.All {
		if _, had := old.GetOk(name); !had {
			note(name, p.Add)
		}
	}
}
