package location

import "strings"

// tracking are parameters that say where a reader came from, never what is
// shown, on any host. A name ending in * stands for all that begin so.
var tracking = []string{
	"utm_*", "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "ysclid", "twclid", "ttclid",
	"igshid", "igsh", "mc_cid", "mc_eid", "mkt_tok", "_hsenc", "_hsmi", "__hssc", "__hstc", "__hsfp", "hsctatracking",
	"vero_id", "vero_conv", "oly_anon_id", "oly_enc_id", "wickedid", "epik", "s_kwcid", "ref_src", "ref_url", "_openstat",
	"fb_action_ids", "fb_action_types", "fb_source", "action_object_map", "action_type_map", "action_ref_map",
	"xtor", "rb_clickid", "srsltid", "guccounter", "guce_referrer", "guce_referrer_sig", "_ga", "_gl", "at_medium", "at_campaign",
	"mtm_*", "pk_campaign", "pk_kwd", "pk_source", "pk_medium", "piwik_campaign", "piwik_kwd", "matomo_campaign", "matomo_kwd",
	"cmpid", "campaign_id_share", "share_source", "sharer_session", "__twitter_impression", "__tn__", "__cft__*",
}

// trackingOn are such parameters that mean something else on other hosts; the
// key is a registrable domain.
var trackingOn = map[string][]string{
	"youtube.com":   {"si", "feature", "pp", "ab_channel"},
	"youtu.be":      {"si", "feature"},
	"x.com":         {"s", "t"},
	"twitter.com":   {"s", "t"},
	"spotify.com":   {"si"},
	"tiktok.com":    {"_r", "_t", "is_from_webapp", "sender_device", "sender_web_id", "web_id", "is_copy_url"},
	"instagram.com": {"hl"},
	"facebook.com":  {"mibextid", "rdid", "share_url", "paipv", "eav", "ref", "refid", "_rdc", "_rdr"},
	"reddit.com":    {"share_id", "rdt"},
}

// cleanQuery takes tracking parameters and empty ones off and normalises the
// percent-encoding of the rest, in their order.
func cleanQuery(host, raw string) string {
	if raw == "" {
		return ""
	}
	var kept []string
	for p := range strings.SplitSeq(raw, "&") {
		p = normalise(p, bareQuery)
		name, _, _ := strings.Cut(p, "=")
		if p != "" && !isTracking(host, asciiLower(name)) {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, "&")
}

func isTracking(host, name string) bool {
	for _, t := range tracking {
		if stem, all := strings.CutSuffix(t, "*"); name == t || all && strings.HasPrefix(name, stem) {
			return true
		}
	}
	for _, t := range trackingOn[Registrable(host)] {
		if name == t {
			return true
		}
	}
	return false
}

// keepFragment returns the fragment if it is part of the address: routes that
// a page's script reads ("#!x", "#/x"), and the keys of services whose
// content only the browser can decrypt. Any other fragment is a place within
// the same thing.
func keepFragment(host, query, raw string) string {
	f := normalise(raw, bareQuery)
	switch {
	case strings.HasPrefix(f, "!") && len(f) > 1, strings.HasPrefix(f, "/") && len(f) > 1:
		return f
	case f != "" && (Registrable(host) == "mega.nz" || Registrable(host) == "mega.co.nz"):
		return f
	case isPasteKey(query, f):
		return f
	}
	return ""
}

// isPasteKey knows the addresses of PrivateBin, which many paste sites run: a
// query of 16 hexadecimal digits, and a base58 key of 32 bytes behind #.
func isPasteKey(query, fragment string) bool {
	if len(query) != 16 || strings.Trim(query, "0123456789abcdef") != "" {
		return false
	}
	const base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
	key := strings.TrimPrefix(fragment, "-") // PrivateBin writes - before the key of a burn-after-reading paste
	return len(key) >= 40 && len(key) <= 46 && strings.Trim(key, base58) == ""
}
