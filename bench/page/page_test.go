package page

import "testing"

func TestBetween(t *testing.T) {
	const begin, end = "<!-- written by x: begin -->", "<!-- written by x: end -->"
	got, err := between("a\n"+begin+"old"+end+"\nb\n", "x", "new\n")
	if want := "a\n" + begin + "\n\nnew\n\n" + end + "\nb\n"; err != nil || got != want {
		t.Errorf("%q, %v", got, err)
	}
	for _, page := range []string{"no marks", begin + " without an end", end + " before " + begin} {
		if _, err := between(page, "x", "new"); err == nil {
			t.Errorf("%q was written to", page)
		}
	}
}
