package hma

import (
	"net/http"

	"github.com/staydown/staydown/internal/access"
)

// noExchanges is what is said until partners are fetched from: nothing is pretended.
const noExchanges = "no exchanges yet: this version fetches from no exchange partner"

func (s *Surface) exchangeAPIs(q *call) (answer, error) {
	return ok([]string{})
}

func (s *Surface) exchangeAPI(q *call) (answer, error) {
	if q.Method == http.MethodPost {
		if err := q.caller.May(access.KeepBanks); err != nil {
			return answer{}, err
		}
	}
	return answer{}, bad("unknown exchange api '" + q.args[0] + "': " + noExchanges)
}

func (s *Surface) exchangeSchema(q *call) (answer, error) {
	return answer{}, problem{http.StatusNotFound, "unknown exchange api '" + q.args[0] + "': " + noExchanges}
}

func (s *Surface) exchanges(q *call) (answer, error) {
	return ok([]string{})
}

func (s *Surface) openExchange(q *call) (answer, error) {
	if err := q.caller.May(access.KeepBanks); err != nil {
		return answer{}, err
	}
	return answer{}, bad(noExchanges)
}

func (s *Surface) exchange(q *call) (answer, error) {
	return answer{}, problem{http.StatusNotFound, "Exchange '" + q.args[0] + "' not found"}
}
