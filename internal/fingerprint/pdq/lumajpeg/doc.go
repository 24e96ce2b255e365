// Package lumajpeg reads the brightness of a JPEG file, and nothing else: no
// colour is computed, and large pictures are reduced while they are decoded,
// so that a fingerprint costs little more than the entropy decoding that no
// one can avoid. It reads 8-bit Huffman-coded files, baseline and progressive,
// in grey and in YCbCr, whatever their subsampling and restart intervals, which
// is nearly every JPEG there is. The rest it declines with [ErrUnusual], for
// the standard library to try: arithmetic coding, four colours, RGB, 12 bits,
// lossless and hierarchical files.
//
// Reduction: the cosine transform of a block holds the means of its halves and
// quarters; an inverse transform of 4, 2 or 1 points a side, with each
// frequency weakened as averaging would weaken it, gives the mean of every
// group of 2x2, 4x4 or 8x8 pixels, up to the frequencies left out.
//
// A hostile file costs at most one pass over its bytes and [Options.Scans]
// passes over its blocks. Nothing is set aside for a picture before the file
// has been seen to be long enough to hold one of that size: a block takes at
// least a bit. What a progressive file stores for a block is what the reduced
// picture needs of it, and one bit for each other frequency.
//
// Source: ITU-T T.81 (1992), its sections and annexes are named where used.
package lumajpeg
