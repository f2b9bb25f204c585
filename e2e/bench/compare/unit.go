package compare

import "fmt"

// Unit is what figures are counted in.
type Unit string

const (
	Seconds      Unit = "s"
	Milliseconds Unit = "ms"
	Microseconds Unit = "µs"
	Megabytes    Unit = "MB" // 10⁶ bytes
	PerSecond    Unit = "/s"
)

// format shows a figure, without its unit, with three digits that count.
func (Unit) format(figure float64) string {
	digits := 0
	switch {
	case figure < 10:
		digits = 2
	case figure < 100:
		digits = 1
	}
	return fmt.Sprintf("%.*f", digits, figure)
}
