// Package portal serves the provider's door, /p: where a person at a provider
// reads a letter and answers it, line by line or with a spreadsheet, without an
// account.
//
// Who may pass is decided in internal/door. What matters here is what the pages
// give away. Looking at the link shows the sender, the reference and the clock,
// nothing else, and changes nothing, however often and by whatever machine it is
// done. The addresses show after the code that was mailed to the registered
// contact, which is also when the letter counts as received. The token stands in
// one address only; it is taken out of the request before anything that might log
// or show an address sees it, and no page sends a Referer.
//
// An answer is looked over before it is filed. A spreadsheet is read as text, in
// memory, with bounds; nothing of it is kept but the answers in it.
package portal
