package zonefile

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/multidns/terraform-provider-multidns/internal/rrset"
)

const (
	// mostRecords bounds what $GENERATE may make of a few lines.
	mostRecords = 100_000

	// mostErrors is where reading stops: a text with so many is something else. So it is with parentheses that are
	// never closed, and each costs the whole text.
	mostErrors, mostOpen = 100, 3
)

// ParseZoneFile reads a zone file (RFC 1035 section 5). origin is the zone, and what relative names are relative to
// until an $ORIGIN says otherwise. What each operator makes itself is left out: SOA, RRSIG, NSEC, NSEC3 and NSEC3PARAM,
// and DNSKEY, CDS and CDNSKEY at the apex. Values are canonical. An RRset that is well-formed and cannot be declared
// has a Problem.
//
// $INCLUDE is refused: the text is all there is. An error about the origin is an *OriginError; else it tells everything
// that is wrong, by line.
func ParseZoneFile(text, origin string) (Zone, error) {
	apex, err := rrset.CanonicalZone(origin)
	if err != nil {
		return nil, &OriginError{err}
	}
	if isUTF16(text) {
		return nil, errUTF16
	}
	r := &reader{apex: apex, origin: apex, sets: map[rrset.Key]*recordSet{}}
	r.read(plainLines(text))
	zone := r.zone()
	if len(r.errs) > 0 {
		return nil, r.err()
	}
	return zone, nil
}

// OriginError says that the origin is not the name of a zone.
type OriginError struct{ Err error }

func (e *OriginError) Error() string { return e.Err.Error() }

func (e *OriginError) Unwrap() error { return e.Err }

// plainLines takes away what editors on other systems leave: the byte-order mark, and carriage returns at the ends of
// lines.
func plainLines(text string) string {
	text = strings.TrimPrefix(text, "\ufeff")
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
}

// reader is where one is in the file.
type reader struct {
	apex string
	// origin and owner are absolute; owner is empty before the first record.
	origin, owner string
	ttl           ttlRule
	line          int    // of the entry that is read
	comment       string // of this entry, where it began right after a field
	// ownerDoubt and doubt are about names without their final dot: of the owner, and of the record that is read.
	ownerDoubt, doubt error
	sets              map[rrset.Key]*recordSet
	records, open     int // open: parentheses that were never closed
	errs              []lineError
}

type lineError struct {
	line int
	err  error
}

func (r *reader) read(text string) {
	r.line = 1
	for text != "" && len(r.errs) < mostErrors && r.open < mostOpen {
		entry, size, err := rrset.ScanEntry(text)
		if err != nil {
			if errors.Is(err, rrset.ErrOpen) {
				r.open++
			}
			r.fail(r.line+strings.Count(text[:size], "\n"), err)
			size = nextRecord(text, size)
		} else if err := r.entry(entry); err != nil {
			r.fail(r.line, err)
		}
		r.line += strings.Count(text[:size], "\n")
		text = text[size:]
	}
}

// nextRecord is where to go on after an entry that cannot be cut into fields: at the next line that does not begin with
// a blank, since one that does most likely belongs to the broken entry.
func nextRecord(text string, from int) int {
	for {
		end := strings.IndexByte(text[from:], '\n')
		if end < 0 {
			return len(text)
		}
		if from += end + 1; from == len(text) || !strings.ContainsRune(" \t\n)", rune(text[from])) {
			return from
		}
	}
}

func (r *reader) entry(entry rrset.Entry) error {
	tokens := entry.Tokens
	if r.comment = ""; entry.Glued {
		r.comment = entry.Comment
	}
	switch {
	case len(tokens) == 0:
		return nil
	case !tokens[0].Quoted && strings.HasPrefix(tokens[0].Raw, "$"):
		return r.directive(tokens)
	}
	if err := pasted(tokens); err != nil {
		return err
	}
	return r.record(tokens, entry.Indented, isProxied(entry.Comment))
}

func (r *reader) fail(line int, err error) { r.errs = append(r.errs, lineError{line, err}) }

// err tells all errors in the order of their lines.
func (r *reader) err() error {
	slices.SortStableFunc(r.errs, func(a, b lineError) int { return a.line - b.line })
	var lines []string
	for _, e := range r.errs {
		lines = append(lines, fmt.Sprintf("line %d: %s", e.line, e.err))
	}
	if len(r.errs) >= mostErrors || r.open >= mostOpen {
		lines = append(lines, "what follows was not read after so many errors")
	}
	if len(lines) == 1 {
		return errors.New(lines[0])
	}
	return fmt.Errorf("%d errors in the zone file:\n%s", len(r.errs), strings.Join(lines, "\n"))
}
