package sign

import (
	"io/fs"
	"sync"
)

// standard reads the embedded sentences once. They are checked by a test, so
// that a fault in them cannot reach a user.
var standard = sync.OnceValue(func() *Book {
	sub, err := fs.Sub(data, "data")
	if err != nil {
		panic(err)
	}
	b, err := ReadBook(sub)
	if err != nil {
		panic(err)
	}
	return b
})
