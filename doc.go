// Package staydown is the vocabulary of an Internet Referral Unit: its nouns, their states and the acts that lawfully lead
// from one state to the next. It knows the standard library only; it does no input or output, declares no interfaces and
// helps nobody: databases, pages and wires are made of it, never the other way round.
//
// The life of an item, in numbered lines:
//
//  1. A unit hands in a Lead: an address, where it comes from, how reliable the source is, how it may be handled.
//  2. The Lead is tied to an Item: the thing at one canonical location, owned by one circle of authorities. A second lead to
//     the same place joins the same item.
//  3. The item is captured before anything else happens: a Capture with its Exhibits (page, media, WARC), each kept by hash.
//     What cannot be captured says why (Item.Reason) and is tried again where that makes sense.
//  4. Exhibits are fingerprinted; a Fingerprint near one that was judged before makes a Candidate. A candidate proposes,
//     it never decides.
//  5. A person gives an Assessment: verdict, ground, quoted passage, the purpose of this very posting. Sixty seconds to take
//     it back; then it stands, or a second officer is asked, who does not see the first answer.
//  6. A Query asks the other authorities whether anybody holds the location. A Hold stops a send until it is lifted.
//  7. Lines (one location each) make a Letter to one provider. It is drafted by one person, checked eleven ways, approved
//     by another, and sent as a Message whose identity is written down before it leaves.
//  8. The provider answers line by line. What it says is kept apart from what we see.
//  9. Checks look again, from several places, thinning out over thirty days; only a Check that says gone counts as gone.
//  10. What was seen gone is watched. Something alike elsewhere is a Return candidate: a person confirms it, and it becomes
//     an item of its own in the same Lineage. It inherits no decision.
//
// Every change of any of these leaves an Event in a log that outsiders can verify.
package staydown
