package cloudflare

import (
	"encoding/json"
	"io"
	"mime"
	"net/http"
)

// maxBody is far above the largest batch of a paid plan.
const maxBody = 64 << 20

func readBody(r *http.Request) ([]byte, *apiError) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return nil, refuse(placeholder, "Content-Type must be application/json.")
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err != nil {
		return nil, refuse(placeholder, "The request body could not be read.")
	}
	return body, nil
}

// records serves the collection: list and create.
func (s *Server) records(w http.ResponseWriter, r *http.Request, z *zone) *apiError {
	switch r.Method {
	case http.MethodGet:
		return s.list(w, r, z)
	case http.MethodPost:
		return s.writeOne(w, r, z, func(t *transaction, d draft) (*Record, *apiError) { return t.create(d) })
	}
	return wrongMethod()
}

// record serves one record by its id.
func (s *Server) record(w http.ResponseWriter, r *http.Request, z *zone, id string) *apiError {
	t := s.begin(z)
	i, err := t.find(id)
	if err != nil {
		return err
	}
	switch r.Method {
	case http.MethodGet:
		writeResult(w, t.records[i], nil)
		return nil
	case http.MethodDelete:
		if _, err := t.remove(id); err != nil {
			return err
		}
		t.commit()
		writeResult(w, map[string]string{"id": id}, nil)
		return nil
	case http.MethodPatch:
		return s.writeOne(w, r, z, func(t *transaction, d draft) (*Record, *apiError) { return t.change(id, d) })
	}
	return wrongMethod()
}

func (s *Server) writeOne(w http.ResponseWriter, r *http.Request, z *zone, do func(*transaction, draft) (*Record, *apiError)) *apiError {
	body, err := readBody(r)
	if err != nil {
		return err
	}
	d, err := parseDraft(body)
	if err != nil {
		return err
	}
	t := s.begin(z)
	record, err := do(t, d)
	if err != nil {
		return err
	}
	t.commit()
	writeResult(w, record, nil)
	return nil
}

// batchResult has null for a part that was not asked for.
type batchResult struct {
	Deletes []*Record `json:"deletes"`
	Patches []*Record `json:"patches"`
	Puts    []*Record `json:"puts"` // never asked for
	Posts   []*Record `json:"posts"`
}

// batch carries out deletes, patches, posts in this order, each part in the order as sent, and all of it or nothing
// (section 4.3). The first error is the answer and does not tell which operation it belongs to.
func (s *Server) batch(w http.ResponseWriter, r *http.Request, z *zone) *apiError {
	if r.Method != http.MethodPost {
		return wrongMethod()
	}
	body, err := readBody(r)
	if err != nil {
		return err
	}
	var request struct {
		Deletes []json.RawMessage `json:"deletes"`
		Patches []json.RawMessage `json:"patches"`
		Posts   []json.RawMessage `json:"posts"`
		Puts    []json.RawMessage `json:"puts"`
	}
	if jsonErr := json.Unmarshal(body, &request); jsonErr != nil {
		return refuse(9207, "Request body is invalid.")
	}
	if len(request.Puts) > 0 {
		return refuse(placeholder, "The sandbox does not know puts.")
	}
	limit := 200
	if z.Plan != "free" {
		limit = 3500
	}
	if n := len(request.Deletes) + len(request.Patches) + len(request.Posts); n > limit {
		return refuse(placeholder, "A batch can hold at most %d operations.", limit)
	}
	t := s.begin(z)
	var result batchResult
	parts := []struct {
		drafts []json.RawMessage
		result *[]*Record
		do     func(draft) (*Record, *apiError)
	}{
		{request.Deletes, &result.Deletes, func(d draft) (*Record, *apiError) { return t.remove(d.id) }},
		{request.Patches, &result.Patches, func(d draft) (*Record, *apiError) { return t.change(d.id, d) }},
		{request.Posts, &result.Posts, func(d draft) (*Record, *apiError) { return t.create(d) }},
	}
	for _, part := range parts {
		for _, raw := range part.drafts {
			d, err := parseDraft(raw)
			if err != nil {
				return err
			}
			record, err := part.do(d)
			if err != nil {
				return err
			}
			*part.result = append(*part.result, record)
		}
	}
	t.commit()
	writeResult(w, result, nil)
	return nil
}
