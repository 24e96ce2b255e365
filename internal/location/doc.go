// Package location says where a thing is on the web, in one spelling.
//
// Two analysts who copy the address of the same video from two phones hand in
// two different strings. Everything later (one item per location and circle,
// "no second notice for the same line", comparing with the provider's answer)
// needs one spelling, so an address is brought into a canonical form once, at
// the door, and only that form is kept.
//
// The package also says how wide an address reaches ([BreadthOf]): a referral
// that names a whole host, a search page or a feed where one posting was meant
// takes lawful things down with it. And it writes an address so that a person
// may look at it without harm: [Display] for a page, [Defang] for a mail.
//
// Everything here is pure: no name is resolved and nothing is fetched.
package location
