// Package site fingerprints a page or site so that it is recognised when
// somebody rebuilds it elsewhere, and says why.
//
// Hashing the raw HTML does not do: a site whose domain name was replaced
// throughout scores worse than another page of the same platform. So the
// signals are kept apart, each compared for itself: the visible text, the
// template (runs of tags), identifiers that its makers carry along (accounts
// linked to, analytics and advertising numbers, mail addresses, keys), the
// icon, and the pictures. [Compare] scores each, lowers what many sites share,
// and joins them into a total that can be read signal by signal.
//
// A high total makes a candidate. A person confirms that it is the same site.
package site
