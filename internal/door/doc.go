// Package door decides who may pass the provider's door: the place where a
// person at a provider reads one letter and answers it, without an account.
//
// Three things open it, one after the other. The link in the mail carries a token
// for one letter; it proves nothing but that somebody has the link, since mail
// filters and archives have it too, and open it, and press what can be pressed.
// Knocking with it sends a code to the contact that the register names, never to
// an address that the visitor gives. Only the code, typed in, shows the letter's
// addresses and lets answers be filed, and only it is a receipt.
//
// Looking changes nothing. Knocking keeps a session of the door's own and leaves
// the letter alone. Tokens and cookies are kept as digests, codes as digests keyed
// with a secret outside the database. Tries at a code are counted, and so are the
// codes sent that nobody typed in: who has the link but not the mailbox gets a few
// guesses at one in a million, and every five of them send the contact a mail.
package door
