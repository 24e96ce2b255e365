// Package desk is what officers work with: the queue, the item, the letter, the provider, the board of an action day
// and the log. Each page is a handler, a template and a page struct in files of the same name; what may be done on a
// page comes from the state tables of the core, never from a second list here.
package desk

import (
	"embed"

	"github.com/staydown/staydown/internal/web/page"
)

//go:embed *.html
var templates embed.FS

// The pages of the desk.
var (
	boardView = page.NewView[BoardPage](templates, "board.html")
	itemView  = page.NewView[ItemPage](templates, "item.html")
)

// Views are all pages of the desk, for the test that checks each template against its struct.
func Views() []page.Checked { return []page.Checked{boardView, itemView} }
