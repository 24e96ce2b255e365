// Package sandbox runs one decoder (ffmpeg, pdftotext) over foreign bytes so
// that a decoder taken over by a hostile file finds nothing to take.
//
// The decoder is started in two steps. The program starts itself again with the
// hidden command "confine", already in namespaces of its own and, where the
// program runs as root, as nobody. That child closes every wall around itself
// and then becomes the decoder:
//
//   - files: landlock lets it read its own binary, the libraries of the system
//     and its input, and write nothing; it may execute only itself
//   - network: a network namespace without any interface, a system-call filter
//     without sockets, and landlock's rules for TCP, as many of the three as the
//     kernel has; at least one, or it is not run
//   - processes: a filter that lets it make threads but no process, a process
//     namespace in which it sees nobody, no new privileges
//   - resources: limits on processor time, address space, threads, files; no
//     core; a bound on what it may say and how long it may take
//
// It gets no environment. Its input is standard input: an open file without a
// name, so that it can also be read from the middle at [Input]. What it writes
// to standard output is handed to the caller as a bounded stream; of what it
// says on standard error the first 4 KiB are kept for the reason of a failure.
// In the end its whole process group is killed, whatever happened.
//
// [Box.Probe] tells which walls stand on this machine, each proven by a child
// that tried to get through it.
//
// Law: none demands it; the bytes are those of people who mean harm, and
// decoders of video have been the way into machines that look at them.
package sandbox
