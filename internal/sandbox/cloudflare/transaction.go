package cloudflare

import (
	"net/http"
	"slices"
)

// transaction is a set of changes to one zone that happens as a whole or not at all (section 4.3).
type transaction struct {
	zone    *zone
	records []*Record
	stamp   string
}

func (s *Server) begin(z *zone) *transaction {
	return &transaction{zone: z, records: slices.Clone(z.records), stamp: s.stamp()}
}

func (t *transaction) commit() { t.zone.records = t.records }

func noRecord() *apiError {
	return &apiError{status: http.StatusNotFound, code: 81044, message: "Record does not exist."}
}

func (t *transaction) find(id string) (int, *apiError) {
	i := slices.IndexFunc(t.records, func(r *Record) bool { return r.ID == id })
	if i < 0 {
		return 0, noRecord()
	}
	return i, nil
}

// create adds the record that d states.
func (t *transaction) create(d draft) (*Record, *apiError) {
	r, err := d.record(t.zone)
	if err != nil {
		return nil, err
	}
	if err := t.admit(r); err != nil {
		return nil, err
	}
	if len(t.records) >= t.zone.Quota {
		return nil, refuse(81045, "Record quota exceeded.")
	}
	r.ID, r.CreatedOn, r.ModifiedOn = randomHex(16), t.stamp, t.stamp
	t.annotated(r, &Record{})
	t.records = append(t.records, r)
	return r, nil
}

// change changes the record id in what d states.
func (t *transaction) change(id string, d draft) (*Record, *apiError) {
	i, err := t.editable(id)
	if err != nil {
		return nil, err
	}
	old := t.records[i]
	if d.typ != nil && *d.typ != old.Type {
		return nil, refuse(placeholder, "The type of a record cannot be changed.") // since 2026-06-30, section 4.2
	}
	r, err := d.over(old).record(t.zone)
	if err != nil {
		return nil, err
	}
	r.ID, r.CreatedOn, r.ModifiedOn, r.Meta = old.ID, old.CreatedOn, t.stamp, old.Meta
	if err := t.admit(r); err != nil {
		return nil, err
	}
	t.annotated(r, old)
	t.records[i] = r
	return r, t.checkDelegation(old)
}

// remove deletes the record id and returns what it was.
func (t *transaction) remove(id string) (*Record, *apiError) {
	i, err := t.editable(id)
	if err != nil {
		return nil, err
	}
	old := t.records[i]
	t.records = slices.Delete(t.records, i, i+1)
	return old, t.checkDelegation(old)
}

func (t *transaction) editable(id string) (int, *apiError) {
	i, err := t.find(id)
	if err != nil {
		return 0, err
	}
	if t.records[i].isReadOnly() {
		return 0, refuse(placeholder, "This record is managed by Cloudflare and cannot be edited.")
	}
	return i, nil
}

// annotated keeps the dates of comment and tags.
func (t *transaction) annotated(r, old *Record) {
	r.CommentModifiedOn, r.TagsModifiedOn = old.CommentModifiedOn, old.TagsModifiedOn
	if !equalText(r.Comment, old.Comment) {
		r.CommentModifiedOn = t.stamp
	}
	if !slices.Equal(r.Tags, old.Tags) {
		r.TagsModifiedOn = t.stamp
	}
}

func equalText(a, b *string) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}
