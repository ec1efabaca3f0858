package cloudflare

import (
	"fmt"
	"net/http"
	"strings"
)

// export answers GET dns_records/export: the zone as a BIND file (section 4.4), with the tag comment that tells proxied
// records.
func (s *Server) export(w http.ResponseWriter, r *http.Request, z *zone) *apiError {
	if r.Method != http.MethodGet {
		return wrongMethod()
	}
	var file strings.Builder
	fmt.Fprintf(&file, ";; Domain:     %s.\n", z.Name)
	for _, record := range z.records {
		fmt.Fprintf(&file, "%s.\t%d\tIN\t%s\t%s", record.Name, record.TTL, record.Type, presentation(record))
		if record.Proxiable {
			fmt.Fprintf(&file, " ; cf_tags=cf-proxied:%t", record.Proxied)
		}
		file.WriteByte('\n')
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte(file.String()))
	return nil
}
