package provider

import (
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/multidns/terraform-provider-multidns/internal/operator"
	"github.com/multidns/terraform-provider-multidns/internal/operator/cloudflare"
	"github.com/multidns/terraform-provider-multidns/internal/operator/desec"
)

// Operators are listed in the order in which messages name them. Attributes, environment variables and words of
// messages follow from here: a further operator is one line, and a folder that describes it.
var Operators = []operator.Descriptor{
	cloudflare.Descriptor,
	desec.Descriptor,
}

// operatorNames are the words that users write.
func operatorNames() []string {
	return eachOperator(func(o operator.Descriptor) string { return o.Name })
}

func eachOperator[T any](of func(operator.Descriptor) T) []T {
	all := make([]T, len(Operators))
	for i, o := range Operators {
		all[i] = of(o)
	}
	return all
}

func operatorType(name string) operator.Descriptor {
	at := slices.IndexFunc(Operators, func(o operator.Descriptor) bool { return o.Name == name })
	if at < 0 { // what an older or newer provider wrote into the state
		return operator.Descriptor{Name: name, Title: "operator " + name}
	}
	return Operators[at]
}

// title is an operator's name as its people write it.
func title(name string) string { return operatorType(name).Title }

// titles joins the names of all operators for a sentence.
func titles() string {
	return operator.And(eachOperator(func(o operator.Descriptor) string { return o.Title }))
}

// shown is what operators show otherwise than others do in an attribute, for the end of its documentation.
func shown(attribute string) string {
	text := ""
	for _, o := range Operators {
		if said := o.Shows[attribute]; said != "" {
			text += " " + said
		}
	}
	return text
}

// quotedNames joins the words that users write, for the documentation.
func quotedNames(last string) string {
	quoted := eachOperator(func(o operator.Descriptor) string { return "`" + o.Name + "`" })
	end := len(quoted) - 1
	return strings.Join(quoted[:end], ", ") + last + quoted[end]
}

// openOperators makes the clients. It makes no request.
func openOperators(s settings, diags *diag.Diagnostics) []operator.Operator {
	return eachOperator(func(o operator.Descriptor) operator.Operator {
		client, err := o.Open(s.accounts[o.Name])
		if err != nil {
			// Below the block: the CLI prints the line that an error points to, and the block's may hold the token.
			diags.AddAttributeError(path.Root(o.Name).AtName("api_token"), "Invalid "+o.Title+" settings", err.Error())
		}
		return client
	})
}
