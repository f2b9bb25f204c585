package pairs

import (
	"maps"
	"math/rand/v2"
	"slices"

	"example.com/hello-world/infra/config"
)

// Accepted returns the mistakes of a configuration of these settings, on a cluster and with a registry; nil if it has none.
func Accepted(settings ...Setting) error {
	source := config.Source{Project: "hello-world", Values: map[string]string{}, Open: true} // an empty passphrase
	set := func(key, value string) { source.Values[source.Project+":"+key] = value }
	set("registry", "localhost:5001")
	set("context", "kind-app-cluster")
	for _, setting := range settings {
		for key, value := range setting {
			if key == "image" {
				delete(source.Values, source.Project+":registry")
			}
			set(key, value)
			if Secret(key) {
				source.Secrets = append(source.Secrets, source.Project+":"+key)
			}
		}
	}
	_, err := config.Parse(source)
	return err
}

// Secret reports whether a key is set with --secret.
func Secret(key string) bool {
	return slices.ContainsFunc(config.Keys, func(k config.Key) bool { return k.Name == key && k.Secrecy == config.Always })
}

// choice is one of a line's settings, or none of them.
type choice struct{ line, setting int }

const none = -1

// pair is two choices on different lines, the earlier line first.
type pair [2]choice

func pairOf(a, b choice) pair {
	if b.line < a.line {
		a, b = b, a
	}
	return pair{a, b}
}

// row is a configuration in the making: its choices.
type row []choice

// setting returns all keys of the row.
func (r row) setting(table [][]Setting) Setting {
	all := Setting{}
	for _, c := range r {
		if c.setting != none {
			maps.Copy(all, table[c.line][c.setting])
		}
	}
	return all
}

// closes counts the open pairs of a choice with those of the row, or returns -1 if it must not stand with one of them.
func (r row) closes(c choice, accepted, open map[pair]bool) (count int) {
	for _, chosen := range r {
		p := pairOf(c, chosen)
		if !accepted[p] {
			return -1
		}
		if open[p] {
			count++
		}
	}
	return count
}

// Configurations returns configurations in which every two choices of a table that are accepted together occur. They are the
// same in every run.
func Configurations(table [][]Setting) []Setting {
	accepted := acceptedPairs(table)
	open := maps.Clone(accepted)
	random := rand.New(rand.NewPCG(1, 2))
	var all []Setting
	for len(open) > 0 {
		first := slices.MinFunc(slices.Collect(maps.Keys(open)), func(a, b pair) int {
			return slices.Compare([]int{a[0].line, a[0].setting, a[1].line, a[1].setting}, []int{b[0].line, b[0].setting, b[1].line, b[1].setting})
		})
		// The order of the lines decides how good a row gets: the best of some random ones is nearly the best of all.
		var best row
		most := 0
		for range 50 {
			r, closed := complete(table, row{first[0], first[1]}, random.Perm(len(table)), accepted, open)
			if closed > most {
				best, most = r, closed
			}
		}
		for i, c := range best {
			for _, other := range best[:i] {
				delete(open, pairOf(c, other))
			}
		}
		all = append(all, best.setting(table))
	}
	return all
}

// complete takes, line by line, the choice that closes most open pairs, and returns how many the row closes besides its first.
func complete(table [][]Setting, r row, lines []int, accepted, open map[pair]bool) (row, int) {
	closed := 1
	for _, line := range lines {
		if slices.ContainsFunc(r, func(c choice) bool { return c.line == line }) {
			continue
		}
		best, most := choice{line, none}, -1
		for setting := none; setting < len(table[line]); setting++ {
			if count := r.closes(choice{line, setting}, accepted, open); count > most {
				best, most = choice{line, setting}, count
			}
		}
		r = append(r, best)
		closed += max(most, 0)
	}
	return r, closed
}

// acceptedPairs returns the pairs that may stand together.
func acceptedPairs(table [][]Setting) map[pair]bool {
	accepted := map[pair]bool{}
	for line := range table {
		for other := range line {
			for setting := none; setting < len(table[line]); setting++ {
				for otherSetting := none; otherSetting < len(table[other]); otherSetting++ {
					r := row{{line, setting}, {other, otherSetting}}
					if Accepted(r.setting(table)) == nil {
						accepted[pairOf(r[0], r[1])] = true
					}
				}
			}
		}
	}
	return accepted
}
