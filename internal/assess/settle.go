package assess

import "github.com/staydown/staydown"

// Outcome is what becomes of a finding whose sixty seconds are over.
type Outcome struct {
	Own   staydown.Act // stand, or ask_second for a first look
	First staydown.Act // agree, disagree or resolve: what it means for the first finding; empty for a first look
	By    Decider      // whose finding decides the item now
	Next  Queue        // where the item waits from here
}

// Decider is whose finding decides an item.
type Decider string

// The deciders.
const (
	Nobody   Decider = ""      // somebody else has to look first
	ThisOne  Decider = "this"  // the finding itself
	FirstOne Decider = "first" // the first finding, with which the second agrees
)

// Settle says what becomes of a finding. first is the finding that it answers, for a second or third look; why is why a first
// look needs a second one, or "". open tells whether the item still waits for a decision: one that was merged meanwhile does
// not, and the finding then stands for itself.
func Settle(a, first staydown.Assessment, why string, open bool) Outcome {
	switch {
	case !open:
		return Outcome{Own: "stand", Next: QueueNone}
	case a.Turn == staydown.First && why != "":
		return Outcome{Own: "ask_second", Next: QueueSecond}
	case a.Turn == staydown.First:
		return Outcome{Own: "stand", By: ThisOne, Next: QueueNone}
	case a.Turn == staydown.Third:
		return Outcome{Own: "stand", First: "resolve", By: ThisOne, Next: QueueNone}
	case first.SameFinding(a):
		return Outcome{Own: "stand", First: "agree", By: FirstOne, Next: QueueNone}
	}
	return Outcome{Own: "stand", First: "disagree", Next: QueueThird}
}
