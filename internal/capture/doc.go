// Package capture fetches and freezes what is at a location before it vanishes.
//
// A capture is evidence first: the bytes of every request and response as they
// went over the wire, with the DNS answer, the address, the certificates and
// the times, in one WARC file; beside it the page and the media in it, each as
// an exhibit of its own, ready to be fingerprinted and looked at.
//
// Then it asks what it holds. An archive that took a login page, a test for
// robots or an error page for the content would be found out in court; so each
// capture is judged, and one that does not hold the content says why and
// whether it is worth another try.
//
// Everything comes from people who may want to do harm: times, sizes, counts,
// redirects and decompression are bounded, connections are opened by the
// guarded dialer only, and nothing that was fetched is ever run.
package capture
