package store_test

import (
	"github.com/staydown/staydown/internal/store"
	"github.com/staydown/staydown/internal/store/storetest"
)

func init() { store.UseDatabase(storetest.Database) }
