package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	control "github.com/moby/buildkit/api/services/control"
	"google.golang.org/protobuf/proto"
)

// message is one report of the Docker Engine about a build or a push. Aux is data for programs; ID says what it is about.
type message struct {
	ID     string          `json:"id"`
	Status string          `json:"status"`
	Aux    json.RawMessage `json:"aux"`
	Error  *struct {
		Message string `json:"message"`
	} `json:"errorDetail"`
}

// messages reads the engine's reports until the last one. It yields a report of a failure as an error.
func messages(r io.Reader) iter.Seq2[message, error] {
	return func(yield func(message, error) bool) {
		for reports := json.NewDecoder(r); ; {
			var m message
			err := reports.Decode(&m)
			if err == io.EOF {
				return
			}
			if err == nil && m.Error != nil {
				err = errors.New(m.Error.Message)
			}
			if !yield(m, err) || err != nil {
				return
			}
		}
	}
}

// steps follows the steps of a BuildKit build.
type steps struct {
	started map[string]bool // by the step's digest, as is output
	output  map[string][]byte
	failed  *control.Vertex
}

func newSteps() *steps {
	return &steps{started: map[string]bool{}, output: map[string][]byte{}}
}

// add takes a report of BuildKit and returns what is new in it for the user: the
// steps that started, and what their commands printed.
func (s *steps) add(trace json.RawMessage) (lines []string, err error) {
	var encoded []byte
	if err := json.Unmarshal(trace, &encoded); err != nil {
		return nil, err
	}
	var report control.StatusResponse
	if err := proto.Unmarshal(encoded, &report); err != nil {
		return nil, err
	}
	for _, step := range report.Vertexes {
		if step.Started != nil && !s.started[step.Digest] {
			s.started[step.Digest] = true
			lines = append(lines, step.Name)
		}
		if step.Error != "" {
			s.failed = step
		}
	}
	for _, log := range report.Logs {
		s.output[log.Vertex] = append(s.output[log.Vertex], log.Msg...)
		lines = append(lines, strings.Split(strings.TrimRight(string(log.Msg), "\n"), "\n")...)
	}
	return lines, nil
}

// explain adds to the error of a build the step that failed and what it printed: a compiler's errors are only there.
func (s *steps) explain(err error) error {
	if s.failed == nil {
		return err
	}
	return fmt.Errorf("%s\n%s%w", s.failed.Name, lastLines(s.output[s.failed.Digest], 100), err)
}

func lastLines(output []byte, n int) string {
	lines := strings.SplitAfter(string(output), "\n")
	if len(lines) > n {
		lines = append([]string{fmt.Sprintf("(%d lines before these)\n", len(lines)-n)}, lines[len(lines)-n:]...)
	}
	text := strings.Join(lines, "")
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	return text
}
