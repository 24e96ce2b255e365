package cli

import (
	"fmt"
	"sort"
	"strings"

	"github.com/alecthomas/kong"
)

type completionCmd struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"bash, zsh or fish."`
}

func (r *completionCmd) Run(model *kong.Application, s Streams) error {
	words := map[string][]string{}
	collect(model.Node, "", words)
	var paths []string
	for p := range words {
		paths = append(paths, p)
	}
	sort.Strings(paths)
	var b strings.Builder
	switch r.Shell {
	case "fish":
		for _, p := range paths {
			for _, w := range words[p] {
				fmt.Fprintf(&b, "complete -c staydown -n 'test \"(commandline -opc | string match -v -- \"-*\" | string collect)\" = \"%s\"' -a '%s'\n",
					strings.ReplaceAll(strings.TrimSpace("staydown "+p), " ", "\\n"), w)
			}
		}
	default:
		if r.Shell == "zsh" {
			b.WriteString("autoload -U +X bashcompinit && bashcompinit\n")
		}
		b.WriteString("_staydown() {\n  local path=\"\" w\n  for w in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do [[ $w == -* ]] || path=\"${path:+$path }$w\"; done\n  local words=\"\"\n  case \"$path\" in\n")
		for _, p := range paths {
			fmt.Fprintf(&b, "    %q) words=%q ;;\n", p, strings.Join(words[p], " "))
		}
		b.WriteString("  esac\n  COMPREPLY=( $(compgen -W \"$words\" -f -- \"${COMP_WORDS[COMP_CWORD]}\") )\n}\ncomplete -F _staydown staydown\n")
	}
	_, err := fmt.Fprint(s.Out, b.String())
	return err
}

// collect lists what may follow each command: its subcommands and flags, and the
// flags of every command above it.
func collect(n *kong.Node, path string, words map[string][]string) {
	for at := n; at != nil; at = at.Parent {
		for _, f := range at.Flags {
			if !f.Hidden {
				words[path] = append(words[path], "--"+f.Name)
			}
		}
	}
	for _, c := range n.Children {
		if c.Hidden || c.Type != kong.CommandNode {
			continue
		}
		words[path] = append(words[path], c.Name)
		collect(c, strings.TrimSpace(path+" "+c.Name), words)
	}
}
