package replica

import (
	"context"
	"errors"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
)

// Signing is how one operator signs a zone.
type Signing struct {
	operator.Signing
	// Takes are those of the given types that can be added at the apex.
	Takes []string
	// Err is an outage or a refusal; Signing says nothing then.
	Err error
}

var errNotSigner = errors.New("the operator cannot take the keys of other signers")

// Signing asks operators side by side how they sign the zone, each time anew: keys can appear within a walk. Those in
// except are not asked, and have no entry. Like the zone's details it informs and proves nothing.
func (w *Walk) Signing(ctx context.Context, zone string, types []string, except map[string]error) map[string]Signing {
	ctx = w.bounded(ctx)
	var asked []operator.Operator
	for _, op := range w.operators {
		if except[op.Name()] == nil {
			asked = append(asked, op)
		}
	}
	return each(asked, func(op operator.Operator) Signing {
		signer, ok := op.(operator.Signer)
		if !ok {
			return Signing{Err: errNotSigner}
		}
		var answer Signing
		for _, typ := range types {
			if signer.TakesAtApex(typ) {
				answer.Takes = append(answer.Takes, typ)
			}
		}
		answer.Signing, answer.Err = signer.Signing(ctx, zone)
		return answer
	})
}

// Sign switches signing on at the named operator.
func (w *Walk) Sign(ctx context.Context, name, zone string) error {
	signer, ok := w.operator(name).(operator.Signer)
	if !ok {
		return errNotSigner
	}
	return signer.Sign(w.bounded(ctx), zone)
}
