// Package webhook sends letters to providers' systems over HTTPS, as one JSON
// document per letter (connector.Letter), and checks such letters on the
// receiving side.
//
// A request carries the message's Idempotency-Key, so that a letter sent twice
// has one effect, and a detached signature of the authority that decided
// (Staydown-Signature: JSON Web Signature with an empty payload part, RFC 7515
// Appendix F, over the exact bytes of the body), so that the provider knows that
// the letter is real whoever carried it. The provider answers 202 with a receipt;
// only that counts as accepted.
package webhook
