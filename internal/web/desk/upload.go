package desk

import (
	"errors"
	"io"
	"net/http"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/match/bank"
	"github.com/staydown/staydown/internal/web/page"
)

// formRoom is what the other fields of a form with a file may take, in bytes.
const formRoom = 256 << 10

// mostFileSaid is the bound on a file as the page says it: in whole megabytes, and never more than is taken.
const mostFileSaid = bank.MostFile / 1_000_000 * 1_000_000

// upload reads a form that may carry a file in its field "file", and gives the file's bytes. It stays in memory: what is
// only hashed is never written down.
func (v *visit) upload() ([]byte, error) {
	page.Upload(v.w, v.r, bank.MostFile+formRoom)
	err := v.r.ParseMultipartForm(bank.MostFile + formRoom)
	if errors.Is(err, http.ErrNotMultipart) {
		return nil, v.parse()
	}
	if err != nil {
		return nil, formError(err)
	}
	file, _, err := v.r.FormFile("file")
	if errors.Is(err, http.ErrMissingFile) {
		return nil, nil
	}
	if err != nil {
		return nil, formError(err)
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, bank.MostFile+1))
	if err != nil {
		return nil, formError(err)
	}
	if len(data) > bank.MostFile {
		return nil, staydown.Errorf(staydown.Invalid, "lookup.too_large", "a file has at most %d bytes", bank.MostFile).At("file")
	}
	return data, nil
}
