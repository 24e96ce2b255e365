package practice

import (
	"container/list"
	"strconv"
	"strings"
	"sync"

	"github.com/staydown/staydown/internal/exercise/world"
)

// mediaBytes bounds the encoded pictures kept in memory.
const mediaBytes = 64 << 20

// mediaStore encodes each picture once and keeps the ones used last. Many
// postings show the same family, so most requests find it here.
type mediaStore struct {
	world *world.World
	limit int

	mu    sync.Mutex
	bytes int
	kept  map[mediaKey]*list.Element
	order *list.List // most recently used first
}

type mediaKey struct {
	family    int
	transform world.Transform
	clip      bool
}

type keptMedia struct {
	key   mediaKey
	ready sync.Once
	media world.Media
	err   error
}

func newMediaStore(w *world.World, limit int) *mediaStore {
	return &mediaStore{world: w, limit: limit, kept: map[mediaKey]*list.Element{}, order: list.New()}
}

// get returns an encoded picture or clip; several callers for the same one
// wait for one encoding.
func (m *mediaStore) get(key mediaKey) (world.Media, error) {
	m.mu.Lock()
	e, ok := m.kept[key]
	if ok {
		m.order.MoveToFront(e)
	} else {
		e = m.order.PushFront(&keptMedia{key: key})
		m.kept[key] = e
	}
	k := e.Value.(*keptMedia)
	m.mu.Unlock()
	k.ready.Do(func() {
		encode := m.world.Still
		if key.clip {
			encode = m.world.Clip
		}
		media, err := encode(key.family, key.transform)
		m.mu.Lock()
		defer m.mu.Unlock()
		k.media, k.err = media, err
		m.bytes += len(media.Body)
		m.shrink()
	})
	return k.media, k.err
}

// shrink drops the pictures not used for longest; what is being encoded has no
// bytes yet and is passed over. The caller holds the lock.
func (m *mediaStore) shrink() {
	for e := m.order.Back(); e != nil && m.bytes > m.limit; {
		before := e.Prev()
		if k := e.Value.(*keptMedia); len(k.media.Body) > 0 {
			m.bytes -= len(k.media.Body)
			m.order.Remove(e)
			delete(m.kept, k.key)
		}
		e = before
	}
}

// mediaPath is where the page of a posting has its picture or clip. The name
// says nothing about what is shown, so equal pictures are only equal by their
// bytes.
func mediaPath(w *world.World, it world.Item, clip bool) string {
	name := strconv.FormatUint(uint64(uint32(it.Number)*2654435761^uint32(w.Seed)), 36)
	return "/m/" + name + "." + extension(w.Families[it.Family], it.Transform, clip)
}

func extension(f world.Family, t world.Transform, clip bool) string {
	switch {
	case clip:
		return "gif"
	case f.Format == "png" && t != world.Reencoded:
		return "png"
	default:
		return "jpg"
	}
}

// mediaItem is the inverse of mediaPath: which posting, and picture or clip.
func mediaItem(w *world.World, path string) (item int, clip, ok bool) {
	name, ext, found := strings.Cut(strings.TrimPrefix(path, "/m/"), ".")
	n, err := strconv.ParseUint(name, 36, 32)
	if err != nil || !found {
		return 0, false, false
	}
	// 244002641 is the inverse of 2654435761 modulo 2^32.
	return int((uint32(n) ^ uint32(w.Seed)) * 244002641), ext == "gif", true
}
