package text

import "testing"

func TestExact(t *testing.T) {
	for _, tt := range []struct {
		name, a, b string
		equal      bool
	}{
		{"case, punctuation, spaces", "Read  this, now!", "read this now", true},
		{"Arabic marks, tatweel, hamza, digits", "بَيَانٌ رَسْمِيٌّ رقم ٢٠", "بيـان رسمي رقم 20", true},
		{"alef maqsura and ta marbuta", "مستشفى المدرسة", "مستشفي المدرسه", true},
		{"bidi marks", "\u202bنص\u202c تدريبي", "نص تدريبي", true},
		{"presentation forms", "ﻧﺺ ﺗﺪﺭﻳﺒﻲ", "نص تدريبي", true},
		{"full width", "ＲＥＡＤ　ＴＨＩＳ", "read this", true},
		{"another ending", "الكتاب", "الكتب", false},
		{"another order", "one two", "two one", false},
		{"words run together", "one two", "onetwo", false},
	} {
		if got := Exact(tt.a) == Exact(tt.b); got != tt.equal {
			t.Errorf("%s: equal %v", tt.name, got)
		}
	}
	if Exact("…") != "" {
		t.Error("a text without words has a digest")
	}
	// Stored digests must stay comparable: whoever changes Fold changes ExactVersion.
	if got := Exact("The official statement, رقم ٢٠"); got != "b605b214c8228bb8dfee5e9c1eb45531d89f70c71761723514eea2b6f74ef708" {
		t.Errorf("the digest of the sample is %s", got)
	}
}
