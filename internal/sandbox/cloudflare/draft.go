package cloudflare

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
)

// draft is a record as a request states it. Nil means not sent, which leaves it as it is.
type draft struct {
	id       string
	name     *string
	typ      *string
	content  *string
	ttl      *int
	proxied  *bool
	comment  *string // "" clears, and so does null
	tags     *[]string
	settings *map[string]any
	priority *int
	data     map[string]any
}

// parseDraft reads one record of a request. Fields that the API does not know are ignored, as there (section 3.1).
func parseDraft(body []byte) (draft, *apiError) {
	var raw struct {
		ID       string                   `json:"id"`
		Name     *string                  `json:"name"`
		Type     *string                  `json:"type"`
		Content  *string                  `json:"content"`
		TTL      *float64                 `json:"ttl"`
		Proxied  *bool                    `json:"proxied"`
		Comment  optional[string]         `json:"comment"`
		Tags     optional[[]string]       `json:"tags"`
		Settings optional[map[string]any] `json:"settings"`
		Priority *float64                 `json:"priority"`
		Data     map[string]any           `json:"data"`
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	if err := decoder.Decode(&raw); err != nil {
		return draft{}, refuse(9207, "Request body is invalid.")
	}
	d := draft{
		id: raw.ID, name: raw.Name, typ: raw.Type, content: raw.Content, proxied: raw.Proxied, data: raw.Data,
		comment: raw.Comment.sent, tags: raw.Tags.sent, settings: raw.Settings.sent,
	}
	var err *apiError
	if d.ttl, err = wholeNumber("ttl", raw.TTL); err != nil {
		return draft{}, err
	}
	d.priority, err = wholeNumber("priority", raw.Priority)
	return d, err
}

// optional is a field for which null means "clear" and absence "leave".
type optional[T any] struct{ sent *T }

// UnmarshalJSON is called for null, too.
func (o *optional[T]) UnmarshalJSON(text []byte) error {
	o.sent = new(T)
	return json.Unmarshal(text, o.sent)
}

func wholeNumber(field string, value *float64) (*int, *apiError) {
	if value == nil {
		return nil, nil
	}
	if *value != math.Trunc(*value) || math.Abs(*value) > math.MaxInt32 {
		return nil, refuse(placeholder, "%s must be a whole number.", field)
	}
	n := int(*value)
	return &n, nil
}

// over fills what d does not state from r: the meaning of PATCH. The data of a record is taken as a whole.
func (d draft) over(r *Record) draft {
	fill(&d.name, &r.Name)
	fill(&d.typ, &r.Type)
	fill(&d.ttl, &r.TTL)
	fill(&d.proxied, &r.Proxied)
	fill(&d.comment, r.Comment)
	fill(&d.tags, &r.Tags)
	fill(&d.settings, &r.Settings)
	fill(&d.priority, r.Priority)
	if d.content == nil && d.data == nil {
		d.content, d.data = &r.Content, r.Data
	}
	return d
}

func fill[T any](field **T, from *T) {
	if *field == nil && from != nil {
		value := *from
		*field = &value
	}
}

// record checks d by itself and makes the record of it: all rules that need no other record.
func (d draft) record(z *zone) (*Record, *apiError) {
	if d.name == nil || d.typ == nil {
		return nil, refuse(placeholder, "name and type are required fields.")
	}
	name, err := recordName(*d.name, z.Name)
	if err != nil {
		return nil, err
	}
	r := &Record{Name: name, Type: *d.typ, TTL: 1, Settings: map[string]any{}, Meta: map[string]any{}, Tags: []string{}}
	if err := d.value(r); err != nil {
		return nil, err
	}
	r.Proxiable = contentTypes[r.Type]
	if err := d.delivery(r, z); err != nil {
		return nil, err
	}
	if err := d.annotations(r, z); err != nil {
		return nil, err
	}
	return r, nil
}

// value sets content, data and priority of r.
func (d draft) value(r *Record) *apiError {
	if _, ok := dataTypes[r.Type]; ok {
		return d.structured(r)
	}
	if _, ok := contentTypes[r.Type]; !ok {
		return refuse(9002, "DNS record type is invalid.")
	}
	if d.content == nil {
		return refuse(placeholder, "content is a required field.")
	}
	content, err := canonicalContent(r.Type, *d.content)
	if err != nil {
		return err
	}
	if r.Type == "CNAME" && content == r.Name {
		return refuse(placeholder, "A CNAME record cannot point to itself.")
	}
	r.Content = content
	if r.Type == "MX" {
		return d.requirePriority(r)
	}
	return nil
}

func (d draft) requirePriority(r *Record) *apiError {
	if d.priority == nil {
		return refuse(9100, "priority is a required field.")
	}
	if *d.priority < 0 || *d.priority > math.MaxUint16 {
		return refuse(placeholder, "priority must be between 0 and 65535.")
	}
	priority := *d.priority
	r.Priority = &priority
	return nil
}

// delivery sets proxied and TTL (section 3.2). A proxied record has the TTL 1 whatever was sent.
func (d draft) delivery(r *Record, z *zone) *apiError {
	if d.ttl != nil {
		if *d.ttl != 1 && (*d.ttl < 60 || *d.ttl > 86400) {
			return refuse(9021, "TTL must be between 60 and 86400 seconds, or 1 for Automatic.")
		}
		r.TTL = *d.ttl
	}
	if d.proxied != nil && *d.proxied {
		if !r.Proxiable {
			return refuse(9004, "This record type cannot be proxied.")
		}
		if isCloudflareAddress(r.Content) {
			return refuse(9003, "Target %s is not allowed for a proxied record.", r.Content)
		}
		r.Proxied, r.TTL = true, 1
	}
	if r.Type == "CNAME" {
		r.Settings["flatten_cname"] = false // shown also where nobody set it (section 3.1)
	}
	if d.settings == nil {
		return nil
	}
	for key, value := range *d.settings {
		if err := checkSetting(r, z, key, value); err != nil {
			return err
		}
		if value == true {
			r.Settings[key] = true
		}
	}
	return nil
}

func checkSetting(r *Record, z *zone, key string, value any) *apiError {
	on, isBool := value.(bool)
	if !isBool && value != nil {
		return refuse(placeholder, "settings.%s must be a boolean.", key)
	}
	if !on {
		return nil
	}
	switch key {
	case "flatten_cname":
		if r.Type != "CNAME" || r.Proxied || z.Plan == "free" {
			return refuse(placeholder, "flatten_cname is for unproxied CNAME records of paid zones.")
		}
	case "ipv4_only", "ipv6_only":
		if z.Plan == "free" {
			return refuse(placeholder, "The IPv4 Only and IPv6 Only settings are not available to this zone.")
		}
		if !r.Proxied {
			return refuse(placeholder, "%s is for proxied records.", key)
		}
	}
	return nil
}

// annotations sets comment and tags. None of them is part of a record's identity.
func (d draft) annotations(r *Record, z *zone) *apiError {
	maxComment, maxTags := 100, 0
	if z.Plan != "free" {
		maxComment, maxTags = 500, 20
	}
	if d.comment != nil && *d.comment != "" {
		if len([]rune(*d.comment)) > maxComment || strings.ContainsAny(*d.comment, "\r\n") {
			return refuse(placeholder, "The comment must be one line of at most %d characters.", maxComment)
		}
		comment := *d.comment
		r.Comment = &comment
	}
	if d.tags == nil {
		return nil
	}
	if len(*d.tags) > maxTags {
		return refuse(9300, "DNS record has %d tags, exceeding the quota of %d.", len(*d.tags), maxTags)
	}
	for _, tag := range *d.tags {
		name, value, _ := strings.Cut(tag, ":")
		if !tagName.MatchString(name) || strings.HasPrefix(strings.ToLower(name), "cf-") || len(value) > 100 {
			return refuse(placeholder, "The tag %q is invalid.", tag)
		}
	}
	r.Tags = append([]string{}, *d.tags...)
	return nil
}
