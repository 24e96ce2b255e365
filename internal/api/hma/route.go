package hma

import (
	"net/http"
	"slices"
	"strings"
)

// route is one thing that may be asked.
type route struct {
	method string
	path   string // parts joined by /, * for one that is given
	do     func(*Surface, *call) (answer, error)
}

var routes = []route{
	{"GET", "h/hash", (*Surface).hashURL},
	{"POST", "h/hash", (*Surface).hashFile},

	{"GET", "m/raw_lookup", (*Surface).rawLookup},
	{"GET", "m/lookup", (*Surface).lookup},
	{"POST", "m/lookup", (*Surface).lookupFile},
	{"GET", "m/index/status", (*Surface).indexStatus},
	{"POST", "m/compare", (*Surface).compare},

	{"GET", "c/banks", (*Surface).banks},
	{"POST", "c/banks", (*Surface).openBank},
	{"GET", "c/bank/*", (*Surface).bank},
	{"PUT", "c/bank/*", (*Surface).changeBank},
	{"DELETE", "c/bank/*", (*Surface).closeBank},
	{"POST", "c/bank/*/content", (*Surface).addContent},
	{"GET", "c/bank/*/content/*", (*Surface).content},
	{"PUT", "c/bank/*/content/*", (*Surface).changeContent},
	{"DELETE", "c/bank/*/content/*", (*Surface).deleteContent},
	{"POST", "c/bank/*/signal", (*Surface).addSignals},

	{"GET", "c/exchanges/apis", (*Surface).exchangeAPIs},
	{"GET", "c/exchanges/api/*", (*Surface).exchangeAPI},
	{"POST", "c/exchanges/api/*", (*Surface).exchangeAPI},
	{"GET", "c/exchanges/api/*/schema", (*Surface).exchangeSchema},
	{"GET", "c/exchanges", (*Surface).exchanges},
	{"POST", "c/exchanges", (*Surface).openExchange},
	{"GET", "c/exchange/*", (*Surface).exchange},
	{"PUT", "c/exchange/*", (*Surface).exchange},
	{"DELETE", "c/exchange/*", (*Surface).exchange},
	{"GET", "c/exchange/*/status", (*Surface).exchange},

	{"GET", "c/signal_type", (*Surface).signalTypes},
	{"GET", "c/signal_type/index", (*Surface).signalIndexes},
	{"PUT", "c/signal_type/*", (*Surface).switchSignalType},
	{"GET", "c/content_type", (*Surface).contentTypes},
}

// find gives the route of a path and what stands for its stars.
func find(method string, path []string) (route, []string, error) {
	known := false
	for _, r := range routes {
		args, fits := r.fits(path)
		if !fits {
			continue
		}
		known = true
		if r.method == method || r.method == http.MethodGet && method == http.MethodHead {
			return r, args, nil
		}
	}
	if known {
		return route{}, nil, problem{http.StatusMethodNotAllowed, "The method is not allowed for the requested URL."}
	}
	return route{}, nil, problem{http.StatusNotFound, "The requested URL was not found on the server. See /site-map."}
}

func (r route) fits(path []string) (args []string, ok bool) {
	want := strings.Split(r.path, "/")
	if len(want) != len(path) {
		return nil, false
	}
	for i, p := range want {
		switch {
		case p == "*":
			args = append(args, path[i])
		case p != path[i]:
			return nil, false
		}
	}
	return args, true
}

// siteMap lists what may be asked.
func siteMap() []string {
	all := []string{"/site-map", "/status", "/status/live"}
	for _, r := range routes {
		all = append(all, "/"+strings.ReplaceAll(r.path, "*", "<name>"))
	}
	slices.Sort(all)
	return slices.Compact(all)
}
