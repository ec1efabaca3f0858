package desec

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/operator/httpapi"
)

// storedText begins the answer to a write that is stored and signed, and of which only the hand-over to the public
// servers failed (design/facts/desec-api.md section 8).
const storedText = "Internal Server Error"

// policyText is in the answer to a write of an RRset that the token's policies do not allow. It names none, and nothing
// of the request was carried out (design/facts/desec-api.md section 10).
const policyText = "Insufficient token permissions"

// classify sorts the API's own failures. Culprits are positions in the request's list; blame turns them into positions
// of changes.
func classify(req *http.Request, a httpapi.Answer) error {
	if a.Status < 400 || a.Status == http.StatusTooManyRequests {
		return nil
	}
	if a.Status >= 500 {
		if req.Method == http.MethodGet || !saysStored(a) {
			return nil
		}
		return &operator.OutageError{
			Operator: name, Action: req.Method + " " + req.URL.Path, InDoubt: true, Stored: true, Answered: true,
			Reason: fmt.Sprintf("HTTP %d: the change was stored, but could not be handed over to the name servers", a.Status),
		}
	}
	message, culprits := read(a.Body)
	refusal := &operator.RefusalError{
		Operator: name, Action: req.Method + " " + req.URL.Path,
		Answer: &httpapi.StatusError{Status: a.Status}, Kind: kindOf(a.Status, message), Message: message, Culprits: culprits,
	}
	if refusal.Kind == operator.Policy {
		refusal.Advice = "the token's policy at deSEC does not allow this change: add a policy for the RRset to the token, " +
			"or use a token that may write it"
	}
	if refusal.Kind == operator.ZoneNotFound {
		refusal.Advice = fmt.Sprintf("the zone %s must exist at deSEC, in the account that the token belongs to: "+
			"create it there, at https://desec.io/domains, or use a token of that account", domainIn(req.URL.Path))
	}
	return refusal
}

// domainIn is the domain that the path of a request is about.
func domainIn(path string) string {
	_, rest, _ := strings.Cut(path, "/domains/")
	domain, _, _ := strings.Cut(rest, "/")
	return domain
}

// kindOf needs a text only where deSEC has one status for two things: a page that is gone is no missing zone. Every
// other 404 of the URLs that this client asks means the domain, "somebody else's" included, and one 403 is about an
// RRset that the token's policies leave out, not about the token (design/facts/desec-api.md section 1).
func kindOf(status int, message string) operator.RefusalKind {
	switch status {
	case http.StatusBadRequest:
		return operator.Invalid
	case http.StatusUnauthorized:
		return operator.Unauthorized
	case http.StatusForbidden:
		if strings.Contains(message, policyText) {
			return operator.Policy
		}
		return operator.Unauthorized
	case http.StatusNotFound:
		if strings.Contains(message, "cursor") {
			return operator.RefusedOther
		}
		return operator.ZoneNotFound
	case http.StatusConflict:
		return operator.Raced
	case http.StatusRequestEntityTooLarge:
		return operator.TooMany
	}
	return operator.RefusedOther
}

// saysStored is strict, because a gateway in front may answer JSON of its own (RFC 9457 has a detail, too): one member,
// with deSEC's text.
func saysStored(a httpapi.Answer) bool {
	var body map[string]string
	return a.Status == http.StatusInternalServerError && json.Unmarshal(a.Body, &body) == nil &&
		len(body) == 1 && strings.HasPrefix(body["detail"], storedText)
}

// blame turns the positions of a refusal from those of items into those of changes, owner[item] being the change, and
// names the RRsets in its message. A single change is to blame for whatever was said.
func blame(err error, changes []operator.Change, owner []int) error {
	refusal := operator.AsRefusal(err)
	if refusal == nil || refusal.Kind != operator.Invalid && refusal.Kind != operator.Policy {
		return err
	}
	if len(changes) == 1 {
		refusal.Culprits = map[int]string{0: refusal.Message}
		return err
	}
	if refusal.Culprits == nil {
		return err
	}
	culprits := make(map[int]string)
	var all []string
	for _, i := range slices.Sorted(maps.Keys(refusal.Culprits)) {
		if i >= len(owner) {
			// Not aligned with what was sent: it names nobody.
			refusal.Culprits = nil
			return err
		}
		change, said := owner[i], refusal.Culprits[i]
		all = append(all, changes[change].Key().String()+": "+said)
		if before := culprits[change]; before != "" {
			said = before + "; " + said
		}
		culprits[change] = said
	}
	refusal.Culprits, refusal.Message = culprits, cut(all)
	return err
}
