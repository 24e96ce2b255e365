package practice

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/staydown/staydown/internal/exercise/world"
)

// errDesk says that the desk could not be reached or broke: the answer stays
// due. errDeclined says that it understood and declined: the answer is over.
var (
	errDesk     = errors.New("the desk did not take the answer")
	errDeclined = errors.New("the desk declined the answer")
)

// answer tells the desk what a provider has decided about a letter, through
// the door that provider uses, and writes into the truth what the desk took.
func (h *House) answer(ctx context.Context, a act) error {
	h.mu.RLock()
	desk := h.desk
	lines := h.state.toAnswer(a.of)
	l := h.state.letters[a.of]
	h.mu.RUnlock()
	if len(lines) == 0 || l == nil {
		return nil
	}
	p := h.state.provider(l.provider)
	via := p.AnswersBy
	if l.door == "" {
		via = world.AnswerAPI
	}
	e := Event{Kind: KindAnswered, At: a.at, Provider: p.Name, Letter: l.id, Key: a.key(), Answers: lines, Via: string(via), Due: a.key()}
	var err error
	if via == world.AnswerAPI {
		err = answerByAPI(ctx, desk, l.answerURL, desk.Bearer[p.Name], a.key(), lines)
	} else {
		err = h.answerAtDoor(ctx, desk, l, p, lines)
	}
	if errors.Is(err, errDeclined) {
		e.Kind, e.Reason = KindAnswerRefused, err.Error()
		err = nil
	}
	if err != nil {
		return fmt.Errorf("answering letter %s for %s: %w", l.id, p.Name, err)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.commit(e)
}

// answerByAPI posts the answers to the address the letter gave. The key makes
// a repetition harmless.
func answerByAPI(ctx context.Context, desk Desk, answerURL, bearer, key string, lines []LineAnswer) error {
	body, err := json.Marshal(map[string][]LineAnswer{"lines": lines})
	if err != nil {
		return err
	}
	target, err := plainURL(answerURL)
	if err != nil {
		return fmt.Errorf("%w: %v", errDeclined, err)
	}
	client, err := desk.client()
	if err != nil {
		return err
	}
	defer client.CloseIdleConnections()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+bearer)
	req.Header.Set("Idempotency-Key", key)
	res, err := client.Do(req)
	if err != nil {
		return fmt.Errorf("%w: %v", errDesk, err)
	}
	reply, err := readAll(res)
	if err != nil {
		return fmt.Errorf("%w: %v", errDesk, err)
	}
	return outcomeOf(res.StatusCode, reply)
}

func outcomeOf(status int, reply []byte) error {
	switch {
	case status < 300:
		return nil
	case status == http.StatusTooManyRequests || status >= 500:
		return fmt.Errorf("%w: status %d: %.300s", errDesk, status, reply)
	default:
		return fmt.Errorf("%w: status %d: %.300s", errDeclined, status, reply)
	}
}
