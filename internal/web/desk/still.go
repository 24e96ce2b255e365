package desk

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/assess"
	"github.com/staydown/staydown/internal/evidence"
	"github.com/staydown/staydown/internal/web/page"
)

func isPicture(mediaType string) bool { return assess.Exhibit{MediaType: mediaType}.Picture() }

func stillPath(item, exhibit staydown.ID) string {
	return "/items/" + string(item) + "/stills/" + string(exhibit)
}

// maxStills is how many stills one page offers.
const maxStills = 7

// viewer offers the stills of an item. Nothing is fetched before the reader asks: the page carries addresses only.
func (v *visit) viewer(i staydown.Item, exhibits []assess.Exhibit) Viewer {
	view := Viewer{}
	if as := v.r.URL.Query().Get("as"); as != "" {
		view.As = string(evidence.ParseVariant(as))
	}
	for _, e := range exhibits {
		if !isPicture(e.MediaType) {
			continue
		}
		switch path := stillPath(i.ID, e.ID); {
		case view.Still == "":
			view.Still = path
		case len(view.Strip) < maxStills-1:
			view.Strip = append(view.Strip, path)
		}
	}
	if view.Still != "" {
		return view
	}
	switch {
	case i.State == staydown.ItemSeen || i.State == staydown.ItemNotCaptured:
		view.Why = "not_captured"
	case len(exhibits) > 0 && hasFilm(exhibits):
		view.Why = "film"
	default:
		view.Why = "no_picture"
	}
	return view
}

func hasFilm(exhibits []assess.Exhibit) bool {
	for _, e := range exhibits {
		if strings.HasPrefix(e.MediaType, "video/") {
			return true
		}
	}
	return false
}

// still answers with a small JPEG made anew from the pixels of a captured picture. Each look is logged with its variant.
// Law: LED 25
func (v *visit) still() error {
	if err := v.caller.May(access.View); err != nil {
		return err
	}
	e, err := v.Keeper.Exhibit(v.ctx(), v.id("exhibit"))
	if err != nil {
		return err
	}
	if err := v.caller.Sees(e.Circle); err != nil {
		return err
	}
	if e.Item != v.id("id") || !isPicture(e.MediaType) {
		return page.NotFound(v.r)
	}
	variant := evidence.ParseVariant(v.r.URL.Query().Get("as"))
	opened := true
	draw := func() (evidence.Picture, error) { return v.Vault.Still(v.ctx(), e.SHA256, variant, 0) }
	if v.r.URL.Query().Get("size") == "thumb" {
		opened, variant = false, evidence.BlurredGrey
		draw = func() (evidence.Picture, error) { return v.thumbs.of(v.ctx(), v.Vault, e.SHA256) }
	}
	picture, err := draw()
	switch {
	case errors.Is(err, evidence.ErrNoPicture), errors.Is(err, evidence.ErrHugePicture):
		return page.Problem{Status: http.StatusUnprocessableEntity, Code: "still"}
	case errors.Is(err, evidence.ErrMissing):
		return page.NotFound(v.r)
	case err != nil:
		return err
	}
	if err := v.Reading.Note(v.ctx(), v.caller, evidence.Viewed(e, variant)); err != nil {
		return err
	}
	if opened { // it is what check 1 asks for: a named person has viewed the exhibit
		if err := v.Findings.Looked(v.ctx(), v.caller, e.Item); err != nil {
			return err
		}
	}
	h := v.w.Header()
	h.Set("Content-Type", "image/jpeg")
	h.Set("Content-Length", strconv.Itoa(len(picture.JPEG)))
	h.Set("Content-Disposition", "inline; filename=still.jpg")
	_, err = v.w.Write(picture.JPEG)
	if err != nil {
		return nil // the reader has gone
	}
	return nil
}
