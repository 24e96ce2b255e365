// Package seal keeps the keys with which a unit proves that something came from
// it and was not altered: an Ed25519 key that signs letters sent to providers'
// systems (JSON Web Signature), a P-256 certificate that signs letters sent by
// mail (S/MIME), and the key that signs checkpoints of the event log.
//
// Each authority has keys of its own: a letter is signed by the authority that
// decided, never by the installation. The keys lie in a folder outside the
// database, readable by the process's owner only, so that a copy of the database
// cannot sign anything. They are files in plain formats (PKCS#8, X.509 and
// signed-note text), so that an operator can replace each with one of their own.
// A replaced signing key leaves its public half behind: what it signed must stay
// verifiable.
//
//	DIR/log.key                         checkpoint key, signed-note format
//	DIR/door.key                        secret of the links to the provider's door
//	DIR/authorities/ID/signing.pem      Ed25519 private key, PKCS#8
//	DIR/authorities/ID/mail.pem         P-256 private key and certificate
//	DIR/authorities/ID/retired/KID.pem  public keys that no longer sign
package seal
