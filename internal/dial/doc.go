// Package dial is the one guarded dialer: every connection that leaves the
// desk is opened here.
//
// A referral unit follows addresses written by the people it investigates.
// Without a guard such an address could be made to point at the desk's own
// machine, at a neighbour in the same data centre, or at the address from
// which a cloud hands out its keys. The guard therefore looks at the address
// that is really about to be dialled, after every name has been resolved and
// every redirect followed, and refuses all that is not the public internet on
// a usual port. A name that answers with a public address first and a private
// one later (DNS rebinding) gains nothing, since the check is made on the
// socket, not on the name.
//
// What lies inside all the same (a mail relay, a proxy) is admitted as an exact
// address and port, for one purpose, in a list that is handed in at start; each
// use is reported. An exercise turns the list around: what is not on it is not
// dialled at all, whatever anybody's redirect says.
package dial
