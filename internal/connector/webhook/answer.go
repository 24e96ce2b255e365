package webhook

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/staydown/staydown/internal/connector"
)

// Bounds of what is read of an answer.
const (
	maxAnswer  = 64 << 10
	maxReceipt = 200
)

// Receipt is the body of the provider's 202.
type Receipt struct {
	Receipt    string    `json:"receipt"` // the provider's own name for the letter
	ReceivedAt time.Time `json:"received_at"`
}

// answered judges an answer by its status. The provider's words in the body of an
// error are not kept: it may repeat the letter.
func (w *Webhook) answered(m connector.Message, r *http.Response) connector.Result {
	result := connector.Result{At: w.now(), Code: r.StatusCode}
	status := fmt.Sprintf("the provider's system answered %d %s", r.StatusCode, http.StatusText(r.StatusCode))
	switch code := r.StatusCode; {
	case code == http.StatusOK, code == http.StatusCreated, code == http.StatusAccepted:
		return w.receipt(m, r, result)
	case code >= 200 && code < 300:
		result.Outcome, result.Detail = connector.Unknown, status+", without a receipt"
	case code >= 300 && code < 400:
		result.Outcome, result.Detail = connector.Refused, status+": the webhook has moved; its new address must be registered, redirects are not followed"
	case passing(code):
		result.Outcome, result.Detail = connector.Retry, status
		result.After = retryAfter(r.Header, result.At)
	case code >= 400 && code < 500:
		result.Outcome, result.Detail = connector.Refused, status
	default:
		result.Outcome, result.Detail = connector.Unknown, status
	}
	return result
}

// passing tells the errors after which the same request may succeed. An error of
// the server's own (5xx) may come after it took the letter; sending again is safe
// all the same, because the provider acts once per key.
func passing(code int) bool {
	switch code {
	case http.StatusRequestTimeout, http.StatusConflict, http.StatusTooEarly, http.StatusTooManyRequests:
		return true
	}
	return code >= 500 && code < 600
}

// receipt reads the receipt of a success. A page that says 200 is none: a box on
// the way that asks to sign in says 200 too.
func (w *Webhook) receipt(m connector.Message, r *http.Response, result connector.Result) connector.Result {
	receipt, err := readReceipt(r.Body)
	if err != nil {
		result.Outcome = connector.Unknown
		result.Detail = m.Detail(fmt.Sprintf("the provider's system answered %d without a receipt: %v", r.StatusCode, err))
		return result
	}
	result.Outcome = connector.Accepted
	result.Receipt = receipt.Receipt
	result.ReceivedAt = receipt.ReceivedAt.UTC()
	return result
}

func readReceipt(body io.Reader) (Receipt, error) {
	var receipt Receipt
	data, err := io.ReadAll(io.LimitReader(body, maxAnswer+1))
	if err != nil {
		return receipt, fmt.Errorf("reading the answer: %w", err)
	}
	return parseReceipt(data)
}

func parseReceipt(data []byte) (Receipt, error) {
	var receipt Receipt
	if len(data) > maxAnswer {
		return receipt, fmt.Errorf("longer than %d bytes", maxAnswer)
	}
	if err := json.Unmarshal(data, &receipt); err != nil {
		return Receipt{}, errors.New("not the JSON of a receipt")
	}
	switch {
	case receipt.Receipt == "", len(receipt.Receipt) > maxReceipt, connector.OneLine(receipt.Receipt) != receipt.Receipt:
		return Receipt{}, errors.New("its field receipt is empty, too long or not one line")
	case receipt.ReceivedAt.IsZero():
		return Receipt{}, errors.New("its field received_at is missing")
	}
	return receipt, nil
}

// retryAfter reads Retry-After (RFC 9110, 10.2.3) in both its forms; a date is
// taken against the answer's own Date, so that the provider's clock may be wrong.
func retryAfter(h http.Header, now time.Time) time.Duration {
	value := strings.TrimSpace(h.Get("Retry-After"))
	if seconds, err := strconv.ParseUint(value, 10, 32); err == nil {
		return bounded(time.Duration(seconds) * time.Second)
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		now = date
	}
	return bounded(at.Sub(now))
}

func bounded(d time.Duration) time.Duration {
	return min(max(d, 0), connector.MaxRetryAfter)
}
