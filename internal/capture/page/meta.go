package page

import "strings"

// meta handles a meta element: a description, or a refresh.
func (r *reader) meta(e element) {
	content := e.get("content")
	if strings.EqualFold(e.get("http-equiv"), "refresh") {
		r.refresh(content)
		return
	}
	name := e.get("property")
	if name == "" {
		name = e.get("name")
	}
	if name == "" {
		name = e.get("itemprop")
	}
	name = strings.ToLower(clean(name, 100))
	if _, known := r.page.Meta[name]; known || name == "" || len(r.page.Meta) >= maxMeta {
		return
	}
	r.page.Meta[name] = clean(content, maxMetaText)
	switch name {
	case "article:published_time", "datepublished", "uploaddate", "og:published_time", "video:release_date":
		r.page.Dated = true
	}
	if m, ok := metaMedia[name]; ok {
		r.offer(content, m.kind, name, m.rank)
	}
}

// refresh notes where a page sends its reader by itself.
func (r *reader) refresh(content string) {
	_, target, ok := strings.Cut(content, "=")
	if !ok || r.page.Refresh != "" {
		return
	}
	if u := r.resolve(strings.Trim(strings.TrimSpace(target), `'"`)); u != nil {
		r.page.Refresh = u.String()
	}
}

// link handles a link element.
func (r *reader) link(e element) {
	for _, rel := range strings.Fields(strings.ToLower(e.get("rel"))) {
		switch rel {
		case "canonical":
			if u := r.resolve(e.get("href")); u != nil && r.page.Canonical == "" {
				r.page.Canonical = u.String()
			}
		case "image_src":
			r.offer(e.get("href"), Image, "image_src", rankShared)
		}
	}
}

// embed notes a frame or an outside script: some are the mark of a test whether
// a person is there.
func (r *reader) embed(e element) {
	if src := clean(e.get("src"), 512); src != "" && len(r.page.Embeds) < maxEmbeds {
		r.page.Embeds = append(r.page.Embeds, src)
	}
}
