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

func (s *Server) get(r *http.Request, z *zone) (any, *apiError) {
	t := s.begin(z)
	i, err := t.find(r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	return t.records[i], nil
}

func (s *Server) remove(r *http.Request, z *zone) (any, *apiError) {
	t := s.begin(z)
	removed, err := t.remove(r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	t.commit()
	return map[string]string{"id": removed.ID}, nil
}

func (s *Server) create(r *http.Request, z *zone) (any, *apiError) {
	return s.writeOne(r, z, (*transaction).create)
}

func (s *Server) patch(r *http.Request, z *zone) (any, *apiError) {
	return s.writeOne(r, z, func(t *transaction, d draft) (*Record, *apiError) { return t.change(r.PathValue("id"), d) })
}

func (s *Server) writeOne(r *http.Request, z *zone, do func(*transaction, draft) (*Record, *apiError)) (any, *apiError) {
	body, err := readBody(r)
	if err != nil {
		return nil, err
	}
	d, err := parseDraft(body)
	if err != nil {
		return nil, err
	}
	t := s.begin(z)
	record, err := do(t, d)
	if err != nil {
		return nil, err
	}
	t.commit()
	return record, nil
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
func (s *Server) batch(r *http.Request, z *zone) (any, *apiError) {
	body, err := readBody(r)
	if err != nil {
		return nil, err
	}
	var request struct {
		Deletes []json.RawMessage `json:"deletes"`
		Patches []json.RawMessage `json:"patches"`
		Posts   []json.RawMessage `json:"posts"`
		Puts    []json.RawMessage `json:"puts"`
	}
	if jsonErr := json.Unmarshal(body, &request); jsonErr != nil {
		return nil, refuse(9207, "Request body is invalid.")
	}
	if len(request.Puts) > 0 {
		return nil, refuse(placeholder, "The sandbox does not know puts.")
	}
	limit := 200
	if z.Plan != "free" {
		limit = 3500
	}
	if n := len(request.Deletes) + len(request.Patches) + len(request.Posts); n > limit {
		return nil, refuse(placeholder, "A batch can hold at most %d operations.", limit)
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
		{request.Posts, &result.Posts, t.create},
	}
	for _, part := range parts {
		for _, raw := range part.drafts {
			d, err := parseDraft(raw)
			if err != nil {
				return nil, err
			}
			record, err := part.do(d)
			if err != nil {
				return nil, err
			}
			*part.result = append(*part.result, record)
		}
	}
	t.commit()
	return result, nil
}
