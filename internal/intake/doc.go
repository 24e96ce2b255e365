// Package intake is where leads come in: lists of addresses, tables, folders of files, exports of messengers.
//
// Each format is one reader of foreign bytes. A reader streams: it never holds the file in memory, whatever is in it. It
// gives rows (one address or one file each, with what the source says about it) and rejects (bytes it could not use, with
// the place, the reason and the first 4 KiB). A row that cannot be read never takes its neighbours with it: readers find
// their footing again at the next line, record or message. What was repaired on the way is noted on the row, what was
// guessed about the whole file is said in the reader's notices.
//
// The same bytes give the same entries in the same order on every machine, so that an import can be stopped anywhere and
// resumed from a Checkpoint. Readers ask nobody for the time and open no connection.
package intake
