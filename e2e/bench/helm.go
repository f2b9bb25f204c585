//go:build e2e

package main

import (
	"os"
	"path/filepath"
)

// upgrades is what people type who deploy by Helm, with further values.
func (b *bench) upgrades(values string) func() error {
	return b.scripted(`helm upgrade hello chart --install --wait --namespace "$0" --create-namespace --reuse-values --set "$1"`, helm, values)
}

// writeChart writes a chart of the service's objects.
func (b *bench) writeChart() error {
	const chart, templates = "chart/Chart.yaml", "chart/templates/objects.yaml"
	if err := os.MkdirAll(filepath.Join(b.Dir, filepath.Dir(templates)), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(b.Dir, chart), []byte("apiVersion: v2\nname: hello\nversion: 1.0.0\n"), 0o644); err != nil {
		return err
	}
	return b.copyObjects(helm, "{{ .Values.image }}", templates, `"replicas":3`, `"replicas":{{ .Values.replicas }}`)
}

// rollOutByHelm ships an edit.
func (b *bench) rollOutByHelm() error {
	image, err := b.buildByKo()
	if err != nil {
		return err
	}
	return b.upgrades("image=" + image)()
}

func (b *bench) deployByHelm() error {
	if err := b.writeChart(); err != nil {
		return err
	}
	image, err := b.buildByKo()
	if err != nil {
		return err
	}
	return b.upgrades("replicas=3,image=" + image)()
}
