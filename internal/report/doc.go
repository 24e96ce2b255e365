// Package report says what came of the work: the figures of a campaign or an authority at one moment, per provider and per
// unit, and the rows behind every one of them.
//
// A removal has two sources that are never added together: the provider's word ("they say") and our own last sight ("we
// saw"). Only gone is gone: what we cannot verify is a number of its own. How fast things went is told by survival curves
// from looks that are hours or days apart, so each removal is known to lie between two looks, never at one moment.
// Figures carry the time at which they were measured; without it a share means nothing.
//
// Items, locations and accounts are three units and are never summed. Nothing is said about the work of fewer than eight
// people.
package report
