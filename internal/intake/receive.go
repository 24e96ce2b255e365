package intake

import (
	"fmt"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/location"
)

// receive takes one lead: ties it to the item at its location, or makes one.
func receive(tx Tx, h handed) (Result, error) {
	if h.lead.Place != "" {
		before, found, err := tx.LeadAt(h.lead.Import, h.lead.Place)
		if err != nil || found {
			return resultOf(before), err
		}
	}
	if h.reason != "" {
		return reject(tx, h)
	}
	item, found, err := tx.ItemAt(h.lead.Circle, h.lead.Location)
	if err != nil {
		return Result{}, err
	}
	if !found {
		return open(tx, h)
	}
	return join(tx, h, item)
}

// resultOf is what a lead that was handed in before came to.
func resultOf(l staydown.Lead) Result {
	if l.State == staydown.LeadRejected {
		return Result{Result: Rejected, Lead: l.ID, Reason: l.Reason}
	}
	return Result{Result: Known, Item: l.Item, Lead: l.ID}
}

// reject keeps a lead that cannot be worked on, with the reason, so that its unit can mend it.
func reject(tx Tx, h handed) (Result, error) {
	if before, found, err := tx.SameLead(h.lead); err != nil || found {
		return resultOf(before), err
	}
	l := fresh(tx, h.lead)
	e, err := l.Reject(h.reason)
	if err != nil {
		return Result{}, err
	}
	if err := tx.AddLead(l); err != nil {
		return Result{}, err
	}
	return Result{Result: Rejected, Lead: l.ID, Reason: h.reason}, tx.Event(e)
}

// fresh is a lead as it comes in.
func fresh(tx Tx, l staydown.Lead) staydown.Lead {
	l.ID, l.State, l.ReceivedAt = tx.NewID(), staydown.LeadReceived, tx.Now()
	if l.Place == "" {
		l.Place = string(l.ID)
	}
	return l
}

// open makes the item that stands for the lead.
func open(tx Tx, h handed) (Result, error) {
	to, err := staydown.ItemTable.Next("item", "", "see")
	if err != nil {
		return Result{}, err
	}
	host := location.Host(h.lead.Location)
	i := staydown.Item{
		ID: tx.NewID(), Circle: h.lead.Circle, Owner: h.lead.Owner, Campaign: h.lead.Campaign, Location: h.lead.Location, Host: host,
		State: to, Kind: kindAt(h.lead), Title: cutText(h.title, maxField), Language: h.lead.Language,
		Account: location.ShapeOf(h.lead.Location).Account, Leads: 1, SeenAt: tx.Now(),
	}
	prioritise(&i, h.lead, 1)
	if host != "" {
		if i.Provider, err = tx.ProviderOf(host); err != nil {
			return Result{}, err
		}
	}
	capture, err := h.arrive(tx, &i)
	if err != nil {
		return Result{}, err
	}
	if err := tx.AddItem(i); err != nil {
		return Result{}, err
	}
	seen := staydown.Event{Act: "see", Noun: "item", Subject: i.ID, Circle: i.Circle,
		Data: map[string]any{"kind": i.Kind, "provider": i.Provider}, Personal: map[string]string{"location": i.Location}}
	if err := tx.Event(seen); err != nil {
		return Result{}, err
	}
	if err := h.keep(tx, i, capture); err != nil {
		return Result{}, err
	}
	if !h.alone() {
		if err := tx.Job(staydown.Job{Kind: "capture", Key: string(i.ID), Subject: i.ID}); err != nil {
			return Result{}, err
		}
	}
	return take(tx, h, i.ID, New)
}

// join ties the lead to the item that stands at its location.
func join(tx Tx, h handed, i staydown.Item) (Result, error) {
	result := Known
	for hops := 0; i.State == staydown.ItemMerged; hops++ {
		if hops == 8 {
			return Result{}, fmt.Errorf("item %s is merged in a ring", i.ID)
		}
		next, err := tx.Item(i.MergedInto)
		if err != nil {
			return Result{}, err
		}
		i, result = next, Merged
	}
	h.lead.Item = i.ID
	if before, found, err := tx.SameLead(h.lead); err != nil || found {
		return Result{Result: result, Item: i.ID, Lead: before.ID}, err
	}
	ours, err := tx.LedBy(i.ID, h.lead.Owner)
	if err != nil {
		return Result{}, err
	}
	if i.Leads++; i.Language == "" {
		i.Language = h.lead.Language
	}
	units := 1
	if !ours {
		units = 2 // at least: another unit's lead made the item
	}
	prioritise(&i, h.lead, units)
	capture, err := h.arriveLate(tx, &i)
	if err != nil {
		return Result{}, err
	}
	if err := tx.PutItem(i); err != nil {
		return Result{}, err
	}
	if err := h.keep(tx, i, capture); err != nil {
		return Result{}, err
	}
	if err := lookAgain(tx, h, i); err != nil {
		return Result{}, err
	}
	return take(tx, h, i.ID, result)
}

// lookAgain captures once more what could not be captured before: somebody has just seen it.
func lookAgain(tx Tx, h handed, i staydown.Item) error {
	if i.State != staydown.ItemNotCaptured || h.alone() {
		return nil
	}
	return tx.Job(staydown.Job{Kind: "capture", Key: string(i.ID), Subject: i.ID})
}

// take keeps the lead with its item.
func take(tx Tx, h handed, item staydown.ID, result string) (Result, error) {
	l := fresh(tx, h.lead)
	e, err := l.Take(item, tx.Now())
	if err != nil {
		return Result{}, err
	}
	if err := tx.AddLead(l); err != nil {
		return Result{}, err
	}
	e.Data["result"] = result
	return Result{Result: result, Item: item, Lead: l.ID}, tx.Event(e)
}

// kindAt is what the unit says the thing is, or else what the form of its location tells.
func kindAt(l staydown.Lead) string {
	if l.Kind != "" {
		return l.Kind
	}
	switch b := location.BreadthOf(l.Location); b.Kind {
	case location.HostRoot:
		return "site"
	case location.ProfileRoot:
		return "account"
	}
	if location.ShapeOf(l.Location).Post != "" {
		return "post"
	}
	return "page"
}

// prioritise sets where an item stands in the queue, with the reasons; 0 to 10. What an officer or a reopening set higher
// stays.
func prioritise(i *staydown.Item, l staydown.Lead, units int) {
	const base, most = 3, 10
	raise := func(why string, by int) {
		for _, have := range i.PriorityWhy {
			if have == why {
				return
			}
		}
		i.PriorityWhy = append(i.PriorityWhy, why)
		i.Priority = min(i.Priority+by, most)
	}
	if i.Priority == 0 && len(i.PriorityWhy) == 0 {
		i.Priority = base
	}
	if units > 1 {
		raise("several_units", 2)
	}
	if l.Reliability == "A" && (l.Credibility == "1" || l.Credibility == "2") {
		raise("reliable_source", 1)
	}
}
