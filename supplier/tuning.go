package supplier

import (
	"os"
	"os/exec"

	"example.com/hello-world/supplier/engine"
	"example.com/hello-world/supplier/kernel"
	"example.com/hello-world/supplier/supply"
)

// tuning changes settings of the machine's kernel for a while.
type tuning struct {
	*supply.Supplier
	wanted   bool
	settings []*kernel.Setting
}

// newTuning also restores what a run that was killed has left.
func newTuning(supplier *supply.Supplier, settings ...*kernel.Setting) *tuning {
	wanted := machineIsOurs()
	if choice := os.Getenv("TUNE_KERNEL"); choice != "" {
		wanted = choice == "1"
	}
	t := &tuning{supplier, wanted, settings}
	t.end()
	return t
}

// machineIsOurs reports whether nobody else works on this machine: the Docker Engine is ours, or about to be.
func machineIsOurs() bool {
	_, err := exec.LookPath("dockerd")
	ours, _ := engine.Ours()
	return engine.IsDebianRoot() && (err != nil || ours != 0)
}

func (t *tuning) begin() {
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

func (t *tuning) end() {
	if os.Geteuid() != 0 {
		return
	}
	for _, setting := range t.settings {
		if err := setting.Restore(); err != nil {
			t.Say("%s: not restored: %v", setting.Name, err)
		}
	}
}
