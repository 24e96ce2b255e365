package desk

import (
	"testing"

	"github.com/jba/templatecheck"

	"github.com/staydown/staydown/internal/locale"
)

// Every template is checked against the struct it is rendered from: a field that does not exist, a function with other
// arguments, a range over what is no list.
func TestTemplatesFitTheirStructs(t *testing.T) {
	for _, v := range Views() {
		for _, l := range locale.Langs {
			if err := templatecheck.CheckHTML(v.Template(l), v.Zero()); err != nil {
				t.Errorf("%s, %s: %v", v.Name(), l, err)
			}
		}
	}
}
