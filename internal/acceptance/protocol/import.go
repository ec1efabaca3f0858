package protocol

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Import is `import` of one resource by its identifier.
func (p *Project) Import(ctx context.Context, address, typ, id string) Result {
	w := p.newWalk(ctx, Config{}, false)
	if !w.failed() {
		n := &node{address: address, typ: typ}
		if err := w.importState(n, id); err != nil {
			w.report(address, err)
		} else if n.state != nil && w.read(n) && n.state != nil {
			p.State[address] = n.state
		}
	}
	return w.result(false)
}

func (w *walk) importState(n *node, id string) error {
	response, err := w.server.ImportResourceState(w.ctx, &tfprotov6.ImportResourceStateRequest{TypeName: n.typ, ID: id})
	if err != nil || !w.tell(n.address, response.Diagnostics) {
		return err
	}
	if len(response.ImportedResources) != 1 {
		return fmt.Errorf("%d resources were imported, not one", len(response.ImportedResources))
	}
	imported := response.ImportedResources[0]
	v, err := imported.State.Unmarshal(schemaOf(n.typ).ValueType())
	n.state = &Instance{Type: n.typ, value: v, private: imported.Private}
	return err
}
