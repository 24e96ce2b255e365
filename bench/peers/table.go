package main

import (
	"fmt"
	"strings"
)

// table is the report in Markdown.
func table(r report) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Commit %s, %s, %s, load average at the start %s.\n\n", r.Commit, r.Processor, r.Go, r.Load)
	b.WriteString("| what | data | peer | a round | peer, processor ms | ours, processor ms | ratio by processor (least, most of a round) | ratio by the clock | hits that differ | load |\n|---|---|---|---|---|---|---|---|---|---|\n")
	for _, x := range r.Rows {
		b.WriteString(line(x) + "\n")
	}
	return b.String()
}

// line is one row of the table. Without figures it says why.
func line(x row) string {
	if x.Status != "measured" {
		return fmt.Sprintf("| %s | %s | %s | %s | | | | | | %s |", x.What, x.Data, x.Peer, x.Status, x.Load)
	}
	differ := ""
	if x.Differences != nil {
		differ = fmt.Sprintf("%d of %d", *x.Differences, *x.Hits)
	}
	return fmt.Sprintf("| %s | %s | %s | %d %s | %.2f | %.2f | %.2f (%.2f, %.2f) | %.2f | %s | %s |", x.What, x.Data, x.Peer, x.Work, x.Unit,
		x.PeerCPU.Median*1000, x.OursCPU.Median*1000, x.RatioCPU, x.RatioLeast, x.RatioMost, x.RatioClock, differ, x.Load)
}
