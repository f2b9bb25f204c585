package kernel

import (
	"os"
	"os/exec"

	"example.com/hello-world/supplier/bare/engine"
	"example.com/hello-world/supplier/supply"
)

// Tuning changes settings of the machine's kernel for a while.
type Tuning struct {
	*supply.Supplier
	wanted   bool
	settings []*Setting
}

// NewTuning also restores what a run that was killed has left.
func NewTuning(supplier *supply.Supplier, settings ...*Setting) *Tuning {
	wanted := machineIsOurs()
	if choice := os.Getenv("TUNE_KERNEL"); choice != "" {
		wanted = choice == "1"
	}
	t := &Tuning{supplier, wanted, settings}
	t.End()
	return t
}

// machineIsOurs reports whether nobody else works on this machine: the Docker Engine is ours, or about to be.
func machineIsOurs() bool {
	_, err := exec.LookPath("dockerd")
	ours, _ := engine.Ours()
	return engine.IsDebianRoot() && (err != nil || ours != 0)
}

// Begin changes the settings, if the user or the machine allows it.
func (t *Tuning) Begin() {
	if !t.wanted {
		return
	}
	for _, setting := range t.settings {
		said, err := setting.Use()
		if err != nil {
			t.Say("%s: not changed: %v", setting.Name, err)
		}
		if said != "" {
			t.Say("%s", said)
		}
	}
}

// End restores them.
func (t *Tuning) End() {
	if os.Geteuid() != 0 {
		return
	}
	for _, setting := range t.settings {
		if err := setting.Restore(); err != nil {
			t.Say("%s: not restored: %v", setting.Name, err)
		}
	}
}
