// Package video makes the fingerprint of a video: the PDQ hash of every frame,
// or of one frame per interval, each with its number, time-code and quality.
// Lists of known videos are exchanged in this form (vPDQ, facebook/ThreatExchange).
//
// ffmpeg decodes; it is run by a [Runner], which the caller provides and which
// walls it off. It hands over the brightness plane of each frame as it is
// stored, in the frame's own size, in a NUT stream: nothing is converted to
// colours and nothing scaled, so that hashing costs little beside decoding.
// [Args] says how it is called; [Read] reads its stream and does no input or
// output of its own.
//
// Two prints are compared by [Compare]: how much of each is found in the other,
// and which stretch of the one is which stretch of the other. [Find] asks for
// single frames among pictures that are known.
//
// Brightness is taken for that of the usual range of video, 16 to 235. That
// decides the quality only: the bits of a hash do not depend on scale and
// offset of the brightness. A frame of full range seems a seventh richer than
// it is.
package video
