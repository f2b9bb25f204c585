package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// names are Linux's capabilities by number (include/uapi/linux/capability.h).
var names = strings.Fields(`
	CAP_CHOWN CAP_DAC_OVERRIDE CAP_DAC_READ_SEARCH CAP_FOWNER CAP_FSETID
	CAP_KILL CAP_SETGID CAP_SETUID CAP_SETPCAP CAP_LINUX_IMMUTABLE
	CAP_NET_BIND_SERVICE CAP_NET_BROADCAST CAP_NET_ADMIN CAP_NET_RAW CAP_IPC_LOCK
	CAP_IPC_OWNER CAP_SYS_MODULE CAP_SYS_RAWIO CAP_SYS_CHROOT CAP_SYS_PTRACE
	CAP_SYS_PACCT CAP_SYS_ADMIN CAP_SYS_BOOT CAP_SYS_NICE CAP_SYS_RESOURCE
	CAP_SYS_TIME CAP_SYS_TTY_CONFIG CAP_MKNOD CAP_LEASE CAP_AUDIT_WRITE
	CAP_AUDIT_CONTROL CAP_SETFCAP CAP_MAC_OVERRIDE CAP_MAC_ADMIN CAP_SYSLOG
	CAP_WAKE_ALARM CAP_BLOCK_SUSPEND CAP_AUDIT_READ CAP_PERFMON CAP_BPF
	CAP_CHECKPOINT_RESTORE`)

// missingCapabilities reads the CapBnd line of a /proc/PID/status file and
// returns the names of the capabilities that the bounding set lacks.
func missingCapabilities(status string) (map[string]bool, error) {
	text, err := os.ReadFile(status)
	if err != nil {
		return nil, err
	}
	_, after, found := strings.Cut(string(text), "CapBnd:")
	if !found {
		return nil, fmt.Errorf("%s has no CapBnd line", status)
	}
	hex, _, _ := strings.Cut(strings.TrimSpace(after), "\n")
	bounding, err := strconv.ParseUint(hex, 16, 64)
	if err != nil {
		return nil, fmt.Errorf("%s: CapBnd: %w", status, err)
	}
	missing := map[string]bool{}
	for number, name := range names {
		if bounding&(1<<number) == 0 {
			missing[name] = true
		}
	}
	return missing, nil
}

// dropFrom removes the missing capabilities from every list of the object at path in the
// JSON file, and leaves the rest of the file as it was.
func dropFrom(file string, missing map[string]bool, path ...string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber() // 64-bit limits must not become floating point
	var document map[string]any
	if err := decoder.Decode(&document); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	object := document
	for _, key := range path {
		object, _ = object[key].(map[string]any)
	}
	for set, list := range object {
		asked, _ := list.([]any)
		granted := make([]any, 0, len(asked))
		for _, capability := range asked {
			if name, _ := capability.(string); !missing[name] {
				granted = append(granted, capability)
			}
		}
		object[set] = granted
	}
	text, err = json.Marshal(document)
	if err != nil {
		return err
	}
	return os.WriteFile(file, text, 0o600)
}
