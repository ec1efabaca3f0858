package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/multidns/terraform-provider-multidns/internal/sandbox"
)

// act is one part of the story.
type act struct {
	letter, title string
	// short is the title for the table.
	short string
	// tale is what happens, for somebody who knows nothing.
	tale string
	// happen changes the world before the apply.
	happen func(*sandbox.Sandbox)
	// planned is set where a plan comes first, which must show exactly one change.
	planned bool
	// want is the front that each operator must answer with afterwards. Where they differ, something must be owed.
	want map[string]string
	// moral is what to take home from it; may be empty.
	moral string
}

// acts are the five of them, in their order.
var acts = []act{
	{
		letter: "a", title: "The first apply", short: "first apply",
		tale: "Neither operator knows www yet. The configuration declares www as an alias of web-router, and web-router as a " +
			"router: an alias of the first front that is healthy.",
		happen: func(*sandbox.Sandbox) {},
		want:   both(firstFront),
	},
	{
		letter: "b", title: "The first front breaks", short: "front breaks",
		tale: "cf-front now answers every request with 503. An apply asks both fronts how they are (each directly, past the " +
			"router), decides, and moves the router at both operators.",
		happen: func(box *sandbox.Sandbox) { box.Front(firstFront).SetHealthy(false) },
		want:   both(secondFront),
	},
	{
		letter: "c", title: "The first front is mended", short: "front mended",
		tale: "cf-front is well again, and it is the preferred one, so the router returns. (The example waits ten minutes " +
			"before it does; here it does not wait.)",
		happen: func(box *sandbox.Sandbox) { box.Front(firstFront).SetHealthy(true) },
		want:   both(firstFront),
	},
	{
		letter: "d", title: "The worst day: the front breaks, and Cloudflare's API is dead", short: "and Cloudflare dead",
		tale: "cf-front is broken again. This time Cloudflare's API swallows every request and answers none: nobody can change " +
			"anything there. Its name servers go on answering with what they know. (A silent API is given up after " + silence + " here, " +
			"by request_timeout; the default is 10s. Each plan waits for it once, and each apply once more.)",
		happen: func(box *sandbox.Sandbox) {
			box.Front(firstFront).SetHealthy(false)
			box.Cloudflare.Faults.Set(sandbox.Fault{Kind: sandbox.Blackhole})
		},
		want: map[string]string{"cloudflare": firstFront, "desec": secondFront},
		moral: "Resolvers ask the name servers of both operators, so part of the visitors is saved already, and all of them when " +
			"Cloudflare's name servers are down as well. No tool could do more without that API.",
	},
	{
		letter: "e", title: "Cloudflare is back", short: "Cloudflare back",
		tale: "The API answers again; the front is still broken. A plan shows the one change that is owed, and the apply delivers it.",
		happen: func(box *sandbox.Sandbox) {
			box.Cloudflare.Faults.Clear()
		},
		planned: true,
		want:    both(secondFront),
	},
}

func both(front string) map[string]string {
	return map[string]string{"cloudflare": front, "desec": front}
}

// owes reports whether an operator cannot be told in this act.
func (a act) owes() bool { return a.want["cloudflare"] != a.want["desec"] }

// playAll plays the acts. An error means that they could not be played to their end; what went wrong in them is in the
// rows.
func (s *stage) playAll(ctx context.Context, acts []act) ([]row, error) {
	var rows []row
	for _, a := range acts {
		r, err := s.play(ctx, a)
		if ctx.Err() != nil {
			return rows, ctx.Err()
		}
		if err != nil {
			return rows, fmt.Errorf("act (%s): %w", a.letter, err)
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// play plays one act and says what came of it.
func (s *stage) play(ctx context.Context, a act) (row, error) {
	s.story.heading(fmt.Sprintf("(%s) %s", a.letter, a.title))
	s.story.tell(a.tale)
	a.happen(s.box)
	r := s.begin(a)
	if a.planned {
		r.check(s.story, "the plan shows one change, exit code 2", s.planOneChange(ctx))
	}
	took, err := s.apply(ctx, a, &r)
	if err != nil {
		return r, err
	}
	if err := s.askBoth(ctx, a, &r); err != nil {
		return r, err
	}
	if a.owes() {
		s.checkOwed(ctx, &r, took)
	} else {
		s.checkSettled(ctx, &r)
	}
	s.checkUntouched(ctx, &r)
	if a.moral != "" {
		s.story.tell(a.moral)
	}
	return r, nil
}

// begin notes how the world is.
func (s *stage) begin(a act) row {
	r := row{act: a.letter, short: a.short, front: "well", cloudflareAPI: "answers", answers: map[string]string{}}
	if s.box.Front(firstFront).Status() >= http.StatusBadRequest {
		r.front = "broken"
	}
	if len(s.box.Cloudflare.Faults.Active()) > 0 {
		r.cloudflareAPI = "silent"
	}
	for _, site := range s.box.Sites() {
		site.Log.Reset()
	}
	return r
}

// askBoth asks both name servers for www and checks the answers.
func (s *stage) askBoth(ctx context.Context, a act, r *row) error {
	name := "www." + s.box.Zone
	for _, site := range s.box.Sites() {
		leads, err := ask(ctx, site.DNSAddr, name)
		if err != nil {
			return err
		}
		r.answers[site.Name] = leads.front()
		s.story.answer(title(site.Name), name, leads)
		var wrong error
		wanted := chain{"web-router." + s.box.Zone + ".", a.want[site.Name] + "." + frontDomain + "."}
		if strings.Join(leads, " ") != strings.Join(wanted, " ") {
			wrong = fmt.Errorf("it leads to %q, want %q", []string(leads), []string(wanted))
		}
		r.check(s.story, fmt.Sprintf("%s answers with %s", title(site.Name), a.want[site.Name]), wrong)
	}
	return nil
}

// title is an operator's name as its people write it.
func title(operator string) string {
	return map[string]string{"cloudflare": "Cloudflare", "desec": "deSEC"}[operator]
}
