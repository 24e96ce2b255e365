// Package locale says things in the officer's language: messages, plural forms, numbers, dates and durations, in
// English and in Arabic.
//
// The words lie in catalogue/<language>/<area>.json: a flat object from key to message. A message is a text with
// numbered places, "{0} of {1}", so that a language may put them in its own order; or, where a number decides the
// form, an object with the language's plural categories (English: one, other; Arabic: zero, one, two, few, many,
// other). Both languages have the same keys with the same places, which a test checks, together with the rule that
// no key is unused and none is missing.
//
// Digits are Western and dates Gregorian in both languages, always: references, clocks and forms are read aloud over
// the telephone between countries. The same word stands for the same thing everywhere; the words of the trade
// (referral, removal order, hold, second officer) are fixed once, in catalogue/*/words.json.
package locale
