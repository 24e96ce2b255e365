package sandbox

import (
	"context"
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// pipe is the reading end of a tool's output. It waits in the kernel, not in
// the scheduler: the thread that started the tool is bound to the work, and a
// decoder writes a frame in many small pieces, for each of which the scheduler
// would change threads twice.
type pipe struct {
	ctx context.Context
	fd  int
}

// newPipe makes a pipe that holds a frame of a video, so that decoder and reader
// need not take turns; where the kernel refuses the size, it is smaller.
func newPipe(ctx context.Context) (*pipe, *os.File, error) {
	var fds [2]int
	if err := unix.Pipe2(fds[:], unix.O_CLOEXEC); err != nil {
		return nil, nil, err
	}
	unix.FcntlInt(uintptr(fds[0]), unix.F_SETPIPE_SZ, 1<<20)
	if err := unix.SetNonblock(fds[0], true); err != nil {
		unix.Close(fds[0])
		unix.Close(fds[1])
		return nil, nil, err
	}
	return &pipe{ctx: ctx, fd: fds[0]}, os.NewFile(uintptr(fds[1]), "output"), nil
}

// Read reads what there is, or waits for more until the work is stopped.
func (p *pipe) Read(b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	for {
		n, err := unix.Read(p.fd, b)
		switch {
		case err == unix.EAGAIN:
			if p.ctx.Err() != nil {
				return 0, p.ctx.Err()
			}
			unix.Poll([]unix.PollFd{{Fd: int32(p.fd), Events: unix.POLLIN}}, 100)
		case err == unix.EINTR:
		case err != nil:
			return 0, os.NewSyscallError("read", err)
		case n == 0:
			return 0, io.EOF
		default:
			return n, nil
		}
	}
}

func (p *pipe) close() { unix.Close(p.fd) }
