package hamming

import "unsafe"

// memory is a stretch of zeroed bytes from which arrays are cut. Large ones lie
// outside of the garbage collector's heap: the collector would let as much
// again pile up as garbage before it runs, and the system gives such a stretch
// large pages, without which most look-ups would miss the processor's table of
// pages as well as its caches. Pages never written cost nothing.
type memory struct {
	data   []byte
	cut    int
	mapped bool
}

// smallest is the size from which memory is asked from the system.
const smallest = 1 << 20

const alignment = 64 // a line of the processor's cache

func reserve(size int) *memory {
	if size >= smallest {
		if data, err := mapMemory(size); err == nil {
			return &memory{data: data, mapped: true}
		}
	}
	words := make([]uint64, (size+7)/8+alignment/8)
	return &memory{data: unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(words))), 8*len(words))}
}

// free gives mapped memory back. Nothing cut from it may be read again.
func (m *memory) free() {
	if m.mapped {
		unmapMemory(m.data)
		m.mapped = false
	}
	m.data = nil
}

// plain is what can be cut from memory and written to a file as it stands.
type plain interface {
	uint16 | uint32 | uint64 | code | entry | keyed
}

// cutArray takes the next n values off the memory.
func cutArray[T plain](m *memory, n int) []T {
	if n == 0 {
		return nil
	}
	var zero T
	size := n * int(unsafe.Sizeof(zero))
	at := (m.cut + alignment - 1) &^ (alignment - 1)
	part := m.data[at : at+size]
	m.cut = at + size
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(part))), n)
}

// room is the memory needed to cut n values of a size.
func room(n, size int) int { return n*size + alignment }

// bytesOf views values as the bytes they are.
func bytesOf[T plain](values []T) []byte {
	if len(values) == 0 {
		return nil
	}
	var zero T
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(values))), len(values)*int(unsafe.Sizeof(zero)))
}
