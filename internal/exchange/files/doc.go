// Package files reads and writes the files in which partners hand each other
// known signals (hashes, texts, addresses): row by row, in bounded memory,
// whatever the length of the file.
//
//	tx      the CSV that python-threatexchange's "tx dataset -P --csv" prints
//	local   its local_file lists: one signal a line, with or without its type
//	vpdq    the hashes of one video's frames, as the vPDQ reference prints them
//	hashes  CSV with a column for each thing said of a hash, as hash-sharing
//	        programmes give them: entity, behaviour, incident and so on
//	bank    our own signed file, described in docs/design/bank-file.md
//
// All become one [Row]. A row that cannot be read is reported with its line and
// the reason ([BadRow]), and the rest is read. Where reading stopped it can go on
// later ([Mark]). Nothing here keeps anything: what becomes of a row is decided
// where banks are kept.
package files
