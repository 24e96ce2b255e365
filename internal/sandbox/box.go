package sandbox

import (
	"io"
	"sync"
	"time"

	"github.com/staydown/staydown"
)

// Input is the path at which a tool finds its input as a file it can seek in.
// The same bytes are its standard input.
const Input = "/proc/self/fd/0"

// Tool is a program and how it is started.
type Tool struct {
	Path  string   // absolute; see Find
	Args  []string // without the program's name
	Reads []string // files and folders it may read besides the libraries, such as tables of character sets
}

// Limits bound one run. Zero takes the default named.
type Limits struct {
	Input   int64         // bytes it may be given; 1 GiB
	Output  int64         // bytes it may write to standard output; 1 GiB
	Memory  int64         // bytes of address space; 2 GiB
	CPU     time.Duration // processor time of all its threads, in whole seconds; 60 s
	Wall    time.Duration // time from start to end; 2 min
	Threads int           // threads, its first included; 64
}

func (l Limits) orDefault() Limits {
	for _, d := range []struct {
		v    *int64
		most int64
	}{{&l.Input, 1 << 30}, {&l.Output, 1 << 30}, {&l.Memory, 2 << 30}} {
		if *d.v <= 0 {
			*d.v = d.most
		}
	}
	if l.CPU <= 0 {
		l.CPU = time.Minute
	}
	if l.Wall <= 0 {
		l.Wall = 2 * time.Minute
	}
	if l.Threads <= 0 {
		l.Threads = 64
	}
	return l
}

// Box runs tools. The zero value is ready, and runs nothing where the files or
// the network cannot be walled off.
type Box struct {
	// Self is the command that confines itself and becomes the tool: it calls
	// Confine with its last argument. Left empty, it is this program's hidden
	// command "confine".
	Self []string
	// Dir is where inputs lie while they are read, in files without a name; the
	// system's folder for temporary files if empty.
	Dir string
	// OpenFiles lets tools run where the kernel has no landlock.
	OpenFiles bool
	// OpenNetwork lets tools run where no wall before the network can be had.
	OpenNetwork bool

	once  sync.Once
	found Confinement
}

// The codes of errors; all are staydown.Error.
const (
	CodeMissing    = "sandbox.missing"    // the tool is not installed
	CodeUnconfined = "sandbox.unconfined" // this machine cannot confine it
	CodeInput      = "sandbox.input"      // the input is larger than the limit
	CodeOutput     = "sandbox.output"     // it wrote more than the limit
	CodeTime       = "sandbox.time"       // it took longer than the limit
	CodeProcessor  = "sandbox.processor"  // it used more processor time than the limit
	CodeTool       = "sandbox.tool"       // it ended with an error of its own, which is told
	CodeCrash      = "sandbox.crash"      // it was killed by a signal, as when it breaks
)

// Reader reads what a tool writes. When it returns, the tool is ended: an error
// is Run's error; without one, what the tool still would have said is not asked.
type Reader func(output io.Reader) error

// bounded is a tool's output up to its limit.
type bounded struct {
	from io.Reader
	left int64
	most int64
	end  bool // the tool closed it
}

func (b *bounded) Read(p []byte) (int, error) {
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.from.Read(p)
	b.left -= int64(n)
	if b.left < 0 {
		return 0, staydown.Errorf(staydown.Invalid, CodeOutput, "the decoder wrote more than %d bytes", b.most)
	}
	b.end = b.end || err == io.EOF
	return n, err
}

// head keeps the first bytes written to it and lets the rest pass.
type head struct {
	kept []byte
	most int
}

func (h *head) Write(p []byte) (int, error) {
	h.kept = append(h.kept, p[:min(len(p), h.most-len(h.kept))]...)
	return len(p), nil
}
