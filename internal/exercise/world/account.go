package world

// Account is a publisher on one provider: a channel, a closed room, a user, or
// the news site itself.
type Account struct {
	Number   int
	Provider int
	Kind     string // "channel", "room", "user", "site"
	Handle   string
	Title    string
	Language string
	Group    Class // what its postings mostly are
	Purpose  Purpose
	// Timed rooms let every message vanish by itself.
	Timed bool
	// Walled accounts are shown to signed-in members only.
	Walled bool
	// Closes: the provider closes the whole account when one posting of it is
	// referred (asked for one URL, acts on all: the scope is exceeded).
	Closes bool
	// Respawns: a closed account is back under a new handle after so many
	// minutes, with its last postings. Zero: never.
	Respawns int
	// Core accounts are those the others forward from.
	Core bool
}

// Handle of an account in a generation: a respawned account has a new one.
func (w *World) handle(a Account, generation int) string {
	if generation == 0 || a.Kind == "site" {
		return a.Handle
	}
	return a.Handle + "_" + w.dice.code(3, "respawn handle", a.Number, generation)
}

// postsPerAccount is the usual number of handed-in postings of one account.
const postsPerAccount = 18

// accountsFor makes the accounts that count postings of one group on one
// provider need, and returns the numbers of the new accounts.
func (w *World) accountsFor(provider int, group Class, purpose Purpose, count int) []int {
	if count == 0 {
		return nil
	}
	p := w.Providers[provider]
	n := (count + postsPerAccount - 1) / postsPerAccount
	if p.Name == SiteName {
		n = 1
	}
	if p.Name == "relay" && group == Terrorist && n < 3 {
		n = min(3, count)
	}
	out := make([]int, n)
	for i := range out {
		out[i] = len(w.Accounts)
		w.Accounts = append(w.Accounts, w.account(p, provider, group, purpose, i))
	}
	return out
}

func (w *World) account(p Provider, provider int, group Class, purpose Purpose, i int) Account {
	number := len(w.Accounts)
	d := w.dice
	a := Account{Number: number, Provider: provider, Group: group, Purpose: purpose, Kind: "user"}
	a.Language = tongues[d.weighted(languageWeights, "account language", number)].code
	words := [...]string{"lamp", "river", "harbour", "orchard", "tower", "garden", "bridge", "market"}
	a.Handle = words[d.below(len(words), "handle", number)] + "_" + d.code(5, "handle tail", number)
	a.Title = tongueOf(a.Language).channel + " " + d.code(4, "channel title", number)
	switch p.Name {
	case SiteName:
		a.Kind, a.Handle, a.Closes = "site", "wire", true
		a.Respawns = 1 // its own calendar: see SiteBack
		return a
	case "relay":
		a.Kind = "channel"
		if group == Terrorist {
			// The second and third of the accounts show the traps of closed
			// rooms even in a small exercise.
			a.Timed = i == 1 || d.chance(60, "timed room", number)
			if a.Timed {
				a.Kind = "room"
			}
			a.Core = i == 0 || d.chance(80, "core", number)
		}
	}
	if group == Lawful || a.Timed {
		return a
	}
	trap := i == 2 && p.Name == "relay" && group == Terrorist
	a.Walled = i > 2 && d.chance(15, "walled", number)
	a.Closes = !a.Walled && (p.Name == "relay" || p.Name == "chirp" || p.Name == "tube") && (trap || d.chance(60, "closes", number))
	if a.Closes && (trap || d.chance(600, "respawns", number)) {
		a.Respawns = 1440 + d.below(5*1440, "respawns after", number)
	}
	return a
}

// siteBack are the minutes after which the news site is back, by generation:
// in under a week, then faster each time.
var siteBack = [...]int{6 * 1440, 4 * 1440, 3 * 1440, 5 * 1440}

// SiteReturns is how often the news site comes back.
const SiteReturns = len(siteBack)

// SiteBack returns after how many minutes the site of a generation (0 is the
// first) comes back as the next one; false when it stays away.
func SiteBack(generation int) (int, bool) {
	if generation >= SiteReturns {
		return 0, false
	}
	return siteBack[generation], true
}

// SiteHost names the host of a generation of the site: three new names, and at
// last the old one again.
func (w *World) SiteHost(generation int) string {
	hosts := w.Providers[w.site].Hosts
	return hosts[generation%len(hosts)]
}
