// Package email sends letters to providers by mail, signed with the authority's
// certificate (S/MIME, RFC 8551), and the short notes the provider's door needs.
//
// A letter has two readers. People read the text: its first line says who asks
// and whether it is voluntary or binding, and every address in it is written so
// that neither a mail program nor a scanner can follow it. Systems read the
// attached letter.json (connector.Letter), where addresses are exact. Both lie
// inside of the signature, so that one cannot be changed without the other.
//
// Mail has no idempotency: when the connection is lost after the letter was sent
// and before the server said so, nobody knows whether it was taken
// (connector.Unknown). A letter sent again carries the same Message-ID, by which
// the recipient's side can tell. A mail server's "250" means that a server on the
// way took the letter; it proves no receipt.
package email
