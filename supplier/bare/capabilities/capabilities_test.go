//go:build linux

package capabilities

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// The kernel's own list of this process says the same.
func TestMissing(t *testing.T) {
	names, err := Missing()
	if err != nil {
		t.Fatal(err)
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	var bounding uint64
	_, after, _ := strings.Cut(string(status), "CapBnd:")
	if _, err := fmt.Sscanf(strings.TrimSpace(after), "%x", &bounding); err != nil {
		t.Fatal(err)
	}
	// Their numbers, from include/uapi/linux/capability.h.
	for name, number := range map[string]int{"CAP_CHOWN": 0, "CAP_SYS_ADMIN": 21, "CAP_SYS_RESOURCE": 24, "CAP_CHECKPOINT_RESTORE": 40} {
		if lacks := bounding&(1<<number) == 0; slices.Contains(names, name) != lacks {
			t.Errorf("%q, and that %s is missing is %v", names, name, lacks)
		}
	}
}
