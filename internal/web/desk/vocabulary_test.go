package desk

import (
	"testing"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/assess"
	"github.com/staydown/staydown/internal/locale"
)

// Every value of the vocabulary that a page can show has its word in both languages, and every act of the tables has the
// word of its event: a new state without words fails here, not in front of an officer.
func TestEveryValueHasItsWord(t *testing.T) {
	lists := map[string][]string{
		"verdict": texts(staydown.Verdicts), "ground": append(texts(staydown.Grounds), groundTerms), "purpose": texts(staydown.Purposes),
		"item_state": texts(staydown.ItemTable.States()[1:]), "assessment_state": texts(staydown.AssessmentTable.States()[1:]), "letter_state": texts(staydown.LetterTable.States()[1:]),
		"line": append(texts(staydown.LineTable.States()[1:]), "not_asked"), "sight": append(texts(sights), "not_yet"), "campaign_state": texts(staydown.CampaignTable.States()[1:]),
		"return_state": texts(staydown.ReturnTable.States()[1:]), "hold_state": texts(staydown.HoldTable.States()[1:]), "query_state": texts(staydown.QueryTable.States()[1:]),
		"turn": {"first", "second", "third"}, "role": texts(access.Roles()), "kind": itemKinds, "language": itemLanguages, "noun": nouns, "authority": authorityKinds,
		"queue.tab": {string(assess.QueueNew), assess.Mine, string(assess.QueueSecond), string(assess.QueueThird)}, "message_state": {"written", "trying", "taken", "refused", "unknown"},
	}
	for _, r := range access.Roles() {
		lists["permission"] = append(lists["permission"], texts(access.Of(r))...)
	}
	for noun, acts := range map[string][]staydown.Act{"lead": staydown.LeadTable.Acts(), "item": staydown.ItemTable.Acts(), "assessment": staydown.AssessmentTable.Acts(), "query": staydown.QueryTable.Acts(),
		"hold": staydown.HoldTable.Acts(), "letter": staydown.LetterTable.Acts(), "line": staydown.LineTable.Acts(), "check": staydown.CheckTable.Acts(), "return": staydown.ReturnTable.Acts(),
		"campaign": staydown.CampaignTable.Acts()} {
		lists["event."+noun] = append(lists["event."+noun], texts(acts)...)
	}
	for _, a := range letterActs {
		lists["act"] = append(lists["act"], "letter_"+a.name)
		lists["flash"] = append(lists["flash"], "letter_"+a.name)
	}
	for _, a := range staydown.CampaignTable.Acts()[1:] {
		lists["act"] = append(lists["act"], "campaign_"+string(a))
		lists["confirm"] = append(lists["confirm"], "campaign_"+string(a))
	}
	for list, values := range lists {
		for _, value := range values {
			for _, l := range locale.Langs {
				if !locale.For(l).Has(list + "." + value) {
					t.Errorf("%s has no word for %s.%s", l, list, value)
				}
			}
		}
	}
}
