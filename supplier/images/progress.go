package images

import (
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/moby/moby/api/types/jsonstream"

	"example.com/hello-world/supplier/download"
)

// follow reads the engine's reports of a pull to the end, and returns the error that one of them has.
func follow(reports iter.Seq2[jsonstream.Message, error], log io.Writer, alive func(), progress func(string)) error {
	layers := arrived{}
	for report, err := range reports {
		switch {
		case err != nil:
			return err
		case report.Error != nil:
			return report.Error
		}
		alive()
		switch report.Status {
		case "Downloading":
			if report.Progress != nil {
				layers[report.ID] = *report.Progress
				progress(layers.String())
			}
		case "Extracting":
		default:
			fmt.Fprintln(log, strings.TrimPrefix(report.ID+": "+report.Status, ": "))
		}
	}
	return nil
}

// arrived is how much of each layer has arrived, in bytes.
type arrived map[string]jsonstream.Progress

func (a arrived) String() string {
	var read, size int64
	for _, of := range a {
		read, size = read+of.Current, size+of.Total
	}
	return download.Far(read, size)
}
