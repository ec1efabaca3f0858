package zonefile

import (
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"
)

// mapping gives the keys of a mapping. A merge key ("<<") brings in the keys of one other mapping, or of a list of
// them, that the mapping has not itself.
func mapping(node *yaml.Node) (map[string]*yaml.Node, error) {
	node, err := resolved(node)
	if err != nil || node == nil {
		return nil, err
	}
	if node.Kind != yaml.MappingNode {
		return nil, wrongKind(node, "a mapping, such as {name: www, type: A}")
	}
	keys := map[string]*yaml.Node{}
	var merged []*yaml.Node
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		if key.Kind != yaml.ScalarNode {
			return nil, wrongKind(key, "a text as the key")
		}
		if key.Tag == "!!merge" {
			merged = append(merged, value)
			continue
		}
		if _, twice := keys[key.Value]; twice {
			return nil, fmt.Errorf("line %d: the key is there twice; keep one", key.Line)
		}
		keys[key.Value] = value
	}
	for _, value := range merged {
		if err := merge(keys, value); err != nil {
			return nil, err
		}
	}
	return keys, nil
}

// mostMerged bounds what one merge key costs. A record has four keys.
const mostMerged = 16

// merge goes one level deep: a mapping that merges another is refused, for that is how a few lines become endless.
func merge(keys map[string]*yaml.Node, value *yaml.Node) error {
	value, err := resolved(value)
	if err != nil {
		return err
	}
	sources := []*yaml.Node{value}
	if value.Kind == yaml.SequenceNode && len(value.Content) > mostMerged {
		return fmt.Errorf(`line %d: at most %d mappings are merged with "<<:"`, value.Line, mostMerged)
	}
	if value.Kind == yaml.SequenceNode {
		sources = value.Content
	}
	for _, source := range sources {
		if source, err = resolved(source); err != nil {
			return err
		}
		if source.Kind != yaml.MappingNode {
			return wrongKind(source, `a mapping after "<<:"`)
		}
		if len(source.Content) > 2*mostMerged {
			return fmt.Errorf(`line %d: a mapping that is merged with "<<:" has at most %d keys`, source.Line, mostMerged)
		}
		for i := 0; i+1 < len(source.Content); i += 2 {
			key := source.Content[i]
			if key.Tag == "!!merge" {
				return fmt.Errorf(`line %d: a mapping that is merged with "<<:" merges another; write its keys out`, key.Line)
			}
			if _, own := keys[key.Value]; !own {
				keys[key.Value] = source.Content[i+1]
			}
		}
	}
	return nil
}

// sequence gives the items of a list; none for null.
func sequence(node *yaml.Node) ([]*yaml.Node, error) {
	node, err := resolved(node)
	if err != nil || isNull(node) {
		return nil, err
	}
	if node.Kind != yaml.SequenceNode {
		return nil, wrongKind(node, "a sequence, such as [a, b]")
	}
	return node.Content, nil
}

// plainTags are those of what is taken as it stands, which YAML finds by itself.
var plainTags = []string{"!!str", "!!int", "!!float", "!!bool", "!!null", "!!timestamp"}

// scalar gives a text or number as it stands in the file: 1.10 and 0x10 are no numbers here. Null is the empty text.
func scalar(node *yaml.Node) (string, error) {
	node, err := resolved(node)
	if err != nil || isNull(node) {
		return "", err
	}
	if node.Kind != yaml.ScalarNode {
		return "", wrongKind(node, "a text or a number; put a text with a colon and a blank in quotes")
	}
	if !slices.Contains(plainTags, node.Tag) {
		return "", fmt.Errorf("line %d: a tag such as !!binary is not read; write the text itself", node.Line)
	}
	return node.Value, nil
}

// resolved follows an alias, once: an anchor on an alias is no YAML.
func resolved(node *yaml.Node) (*yaml.Node, error) {
	if node == nil || node.Kind != yaml.AliasNode {
		return node, nil
	}
	if node.Alias == nil || node.Alias.Kind == yaml.AliasNode {
		return nil, fmt.Errorf("line %d: the alias leads nowhere", node.Line)
	}
	return node.Alias, nil
}

func isNull(node *yaml.Node) bool {
	return node == nil || node.Kind == yaml.ScalarNode && node.Tag == "!!null"
}

func wrongKind(node *yaml.Node, want string) error {
	return fmt.Errorf("line %d: expected %s", node.Line, want)
}

// short cuts text of any length for a message.
func short(text string) string {
	const most = 100
	runes := []rune(text[:min(len(text), 4*most)])
	if len(runes) <= most && len(text) <= 4*most {
		return text
	}
	return string(runes[:min(len(runes), most)]) + "…"
}
