package main

import (
	"container/list"
	"math"
	"net"
	"net/http"
	"runtime/debug"
	"sync"
)

// connectionMemory is reserved for each connection. A kept one takes 20 KiB: two buffers, the stack of the
// goroutine that waits for the next request, and what the kernel keeps.
const connectionMemory = 32 << 10

// mostConnections returns how many connections fit into the memory that the runtime may use (GOMEMLIMIT), which is without
// limit by default; some fit in any case.
func mostConnections() int {
	return int(min(max(debug.SetMemoryLimit(-1)/connectionMemory, 100), math.MaxInt32))
}

// connections closes the connection that has been silent for longest when there are too many. A new client always gets in,
// and one that keeps asking stays: it is the idle that go, as they do after [idleTimeout].
type connections struct {
	most int

	mutex  sync.Mutex
	silent list.List // of net.Conn, the longest silent first
	places map[net.Conn]*list.Element
}

func newConnections(most int) *connections {
	return &connections{most: most, places: map[net.Conn]*list.Element{}}
}

// note is the hook that http.Server calls when a connection is new, gets a request, has answered it, or is gone.
func (c *connections) note(connection net.Conn, state http.ConnState) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	place := c.places[connection]
	switch state {
	case http.StateActive, http.StateIdle:
		if place != nil {
			c.silent.MoveToBack(place)
		}
	case http.StateNew:
		c.places[connection] = c.silent.PushBack(connection)
		if c.silent.Len() > c.most {
			longest := c.silent.Front()
			c.forget(longest)
			longest.Value.(net.Conn).Close() // the server hears of it as if the client had closed it
		}
	default:
		if place != nil {
			c.forget(place)
		}
	}
}

func (c *connections) forget(place *list.Element) {
	c.silent.Remove(place)
	delete(c.places, place.Value.(net.Conn))
}
