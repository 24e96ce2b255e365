package intake

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// placeOf names the place of a row inside its import, the same in every reading: the file (inside a folder without the
// folder's own name, which may change), the line or byte, and which entry of that place it is.
func placeOf(r Row, source string, same int) string {
	name := strings.TrimPrefix(strings.TrimPrefix(r.Path, source), "/")
	at := fmt.Sprintf("%d", r.Line)
	switch {
	case r.Telegram != nil:
		at = fmt.Sprintf("message %d/%d", r.Telegram.Chat, r.Telegram.ID)
	case r.Line == 0:
		at = ""
	}
	place := strings.Trim(name+":"+at, ":")
	if same > 1 {
		place += fmt.Sprintf("#%d", same)
	}
	if r.Telegram != nil {
		place += fmt.Sprintf("@%d", r.Offset) // a number may come twice in a damaged export
	}
	if place == "" {
		place = fmt.Sprintf("@%d", r.Offset)
	}
	if len(place) > maxField {
		sum := sha256.Sum256([]byte(place))
		place = cutText(place, maxField-80) + " " + hex.EncodeToString(sum[:])
	}
	return place
}
