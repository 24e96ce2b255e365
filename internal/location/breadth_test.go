package location

import "testing"

func TestBreadthOf(t *testing.T) {
	for _, tt := range []struct {
		address string
		want    Kind
	}{
		{"https://relay.example/", HostRoot},
		{"https://relay.example/index.html", HostRoot},
		{"https://relay.example/ar/", HostRoot},
		{"no address", HostRoot},
		{"https://relay.example/@name", ProfileRoot},
		{"https://relay.example/@name/videos", ProfileRoot},
		{"https://relay.example/user/name", ProfileRoot},
		{"https://relay.example/channel/name", ProfileRoot},
		{"https://t.me/name", ProfileRoot},
		{"https://t.me/s/name", ProfileRoot},
		{"https://t.me/+AbCdEf123", ProfileRoot},
		{"https://t.me/joinchat/AbCdEf123", ProfileRoot},
		{"https://x.com/name24", ProfileRoot},
		{"https://facebook.com/profile.php?id=1000", ProfileRoot},
		{"https://relay.example/newsroom", ProfileRoot},
		{"https://social.example/#!/newsroom", ProfileRoot},
		{"https://video.example/playlist?list=PL1", Collection},
		{"https://photos.example/albums/summer", Collection},
		{"https://site.example/category/reports", Collection},
		{"https://site.example/category/reports/page/3", Collection},
		{"https://site.example/list.cgi?page=2", Exact}, // a file name: leave it to the officer
		{"https://site.example/items?page=2", Collection},
		{"https://site.example/2019/11", Collection},
		{"https://archive.example/web/*/https://site.example", Collection},
		{"https://archive.example/search?q=report", SearchPage},
		{"https://archive.example/advancedsearch.php?q=x", SearchPage},
		{"https://site.example/?s=report", SearchPage},
		{"https://video.example/results?search_query=x", SearchPage},
		{"https://site.example/feed/", Feed},
		{"https://site.example/rss.xml", Feed},
		{"https://site.example/?feed=rss2", Feed},
		{"https://relay.example/@name.rss", Feed},
		{"https://site.example/sitemap.xml", Feed},
		{"https://social.example/tags/report", TagPage},
		{"https://social.example/explore/tags/report", TagPage},
		{"https://x.com/hashtag/report", TagPage},
		{"https://api.social.example/x/1", APIEndpoint},
		{"https://social.example/api/v1/statuses/1", APIEndpoint},
		{"https://pds.example/xrpc/com.example.get?uri=x", APIEndpoint},
		{"https://relay.example/name/123", Exact},
		{"https://t.me/s/name/123", Exact},
		{"https://t.me/c/1234567/89", Exact},
		{"https://x.com/name/status/1234567890", Exact},
		{"https://social.example/@name/1234567890", Exact},
		{"https://video.example/watch?v=abcdEFG1234", Exact},
		{"https://video.example/w/abcdEFG1234", Exact},
		{"https://video.example/v/1042", Exact},
		{"https://photos.example/p/Bxyz1234567", Exact},
		{"https://paste.example/aB3xK9qz", Exact},
		{"https://news.example/2019/11/24/a-long-report", Exact},
		{"https://news.example/three-words-or-more", Exact},
		{"https://files.example/file/9f3c2/clip.mp4", Exact},
		{"https://files.example/clip.mp4", Exact},
		{"https://archive.example/details/item-0042", Exact},
	} {
		if got := BreadthOf(tt.address); got.Kind != tt.want {
			t.Errorf("BreadthOf(%s) = %s (%s), want %s", tt.address, got.Kind, got.Reason, tt.want)
		} else if got.Reason == "" || got.Wide() == (got.Kind == Exact) {
			t.Errorf("BreadthOf(%s): reason %q, wide %v", tt.address, got.Reason, got.Wide())
		}
	}
}

func TestShapeOf(t *testing.T) {
	for _, tt := range []struct {
		address string
		want    Shape
	}{
		{"https://t.me/name/123", Shape{"name", "123"}},
		{"https://t.me/s/name/123?before=4", Shape{"name", "123"}},
		{"https://t.me/s/name", Shape{"", ""}},
		{"https://t.me/c/1234567/89", Shape{"c/1234567", "89"}},
		{"https://x.com/Name/status/1234567890", Shape{"Name", "1234567890"}},
		{"https://x.com/i/status/1234567890", Shape{"", "1234567890"}},
		{"https://social.example/@name", Shape{"name", ""}},
		{"https://social.example/@name/1234567890", Shape{"name", "1234567890"}},
		{"https://social.example/@name@other.example/12345", Shape{"name@other.example", "12345"}},
		{"https://social.example/users/name/statuses/12345", Shape{"name", "12345"}},
		{"https://video.example/watch?v=abcdEFG1234", Shape{"", "abcdEFG1234"}},
		{"https://video.example/channel/name", Shape{"name", ""}},
		{"https://video.example/@name/video/7300000000000000000", Shape{"name", "7300000000000000000"}},
		{"https://photos.example/p/Bxyz1234567/", Shape{"", "Bxyz1234567"}},
		{"https://name.tumblr.com/post/1234567", Shape{"", "1234567"}},
		{"https://name.blogspot.com/p/contact-page.html", Shape{"name", "contact-page"}},
		{"https://relay.example/%D9%82%D9%86%D8%A7%D8%A9/55", Shape{"قناة", "55"}},
		{"https://news.example/2019/11", Shape{}},
		{"https://news.example/about", Shape{}},
		{"garbage", Shape{}},
	} {
		if got := ShapeOf(tt.address); got != tt.want {
			t.Errorf("ShapeOf(%s) = %+v, want %+v", tt.address, got, tt.want)
		}
	}
}
