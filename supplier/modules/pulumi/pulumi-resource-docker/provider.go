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

// plugin answers the Pulumi engine. Its methods on images are in image.go.
type plugin struct {
	// host is the Docker Engine in the provider's configuration. "" means the one
	// that the docker command would use.
	host string
}

// newProvider wires a plugin to the calls of the Pulumi engine. It uses property
// maps, not pulumi-go-provider's typed resources: its records must match the
// official plugin's to the letter.
func newProvider() p.Provider {
	var d plugin
	// cancel.Wrap makes Ctrl-C end the context of every call under way.
	return cancel.Wrap(p.Provider{
		CheckConfig: d.checkConfig,
		DiffConfig:  d.diffConfig,
		Configure:   d.configure,
		Invoke:      d.invoke,
		Check:       d.check,
		Diff:        d.diff,
		Create:      d.create,
		Read:        d.read,
		Update:      d.update,
		Delete:      d.delete,
	})
}

func (d *plugin) checkConfig(_ context.Context, req p.CheckRequest) (p.CheckResponse, error) {
	problems := refuse("", req.Inputs, inputs{
		"host": text,
		// The engine adds this to every provider's configuration.
		"version": text,
	})
	return p.CheckResponse{Inputs: req.Inputs, Failures: failures(problems...)}, nil
}

// failures leaves the Property of each failure empty: the engine would print a
// value with it, and finds none for a nested property. Each problem starts with
// the path of the input instead.
func failures(problems ...string) (list []p.CheckFailure) {
	for _, problem := range problems {
		list = append(list, p.CheckFailure{Reason: problem})
	}
	return list
}

// diffConfig never asks for a replacement: images outlive the engine that built
// them. It looks only at host: the engine and the framework keep versions of their
// own in the configuration.
func (d *plugin) diffConfig(_ context.Context, req p.DiffRequest) (p.DiffResponse, error) {
	host := func(config property.Map) property.Map {
		return property.NewMap(map[string]property.Value{"host": config.Get("host")})
	}
	return compare(host(req.OldInputs), host(req.Inputs)), nil
}

func (d *plugin) configure(_ context.Context, req p.ConfigureRequest) error {
	d.host = asText(req.Args.Get("host"))
	return nil
}

func (d *plugin) invoke(_ context.Context, req p.InvokeRequest) (p.InvokeResponse, error) {
	return p.InvokeResponse{}, notImplemented(string(req.Token))
}

// onlyImages refuses the official plugin's other resources. Check comes first
// for each resource that a program declares, but Read and Delete may be the
// first call for one that is only in the state.
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

// compare lists the differences between two sets of inputs, none of which
// calls for a replacement.
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
