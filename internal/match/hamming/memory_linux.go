package hamming

import "golang.org/x/sys/unix"

func mapMemory(size int) ([]byte, error) {
	data, err := unix.Mmap(-1, 0, size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANON)
	if err == nil && size >= 1<<24 {
		_ = unix.Madvise(data, unix.MADV_HUGEPAGE) // only a matter of speed
	}
	return data, err
}

func unmapMemory(data []byte) { _ = unix.Munmap(data) }
