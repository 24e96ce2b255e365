// Package pdq makes the PDQ fingerprint of a picture: 256 bits that stay
// nearly the same when the picture is scaled, re-encoded or lightly edited,
// and differ in about half their bits between unrelated pictures. It is the
// fingerprint most lists of known terrorist pictures are exchanged in, so the
// bits here equal those of the reference implementation (facebook/ThreatExchange,
// pdq/cpp) on the same pixels, at the picture's full size.
//
// How it works: the picture's brightness is blurred and reduced to 64x64
// samples (two passes of a box filter, which together weigh like a tent);
// a cosine transform keeps the 16x16 lowest frequencies without the mean; each
// bit says whether one frequency is stronger than the median. A quality from 0
// to 100 says how much structure there was; below 50 the bits mean little.
//
// Two ways lead to the 64x64 samples. The quick one weighs each pixel once
// ([reduceQuick]), eight bytes in one word where the picture is plain bytes; it
// rounds differently from the reference, in the sixth digit. Where that could
// turn a bit or the quality, the slow one, which
// repeats the reference's operations in their order ([reduceExact]), is run
// instead. So the answer is always the reference's, and the price of
// certainty is paid only by blank, symmetric and other borderline pictures.
//
// Files are read in more than one way, and each hash goes with the name of its
// reading: [ReadingFull] as a person sees the picture, to the bit;
// [ReadingLuma] a JPEG by its brightness alone, some ten times as fast, a few
// bits off (testdata/luma.md); [ReadingHMA] as the matching server reads it
// that most lists come from, for the files it reads otherwise than a person
// sees them.
//
// A match at distance [Radius] or less makes a candidate for a person to look
// at, never a decision: posters of dense text match each other.
package pdq
