// Package verify looks again: at a location whose provider was asked, or says,
// that something was taken down, to see with our own eyes whether it is.
//
// It looks from several places, because what is hidden in one country is not
// gone; it compares with what was captured, because a page that is there need
// not be the same; and it knows three answers, because not seeing a thing and
// seeing that it is not there are different. The decision itself is made by
// verify/rules, which is pure; here the looks are taken and planned.
package verify
