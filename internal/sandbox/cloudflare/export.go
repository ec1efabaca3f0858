package cloudflare

import (
	"fmt"
	"net/http"
	"strings"
)

// export answers GET dns_records/export: the zone as a BIND file (section 4.4), with the tag comment that tells proxied
// records.
func (s *Server) export(_ *http.Request, z *zone) (any, *apiError) {
	var file strings.Builder
	fmt.Fprintf(&file, ";; Domain:     %s.\n", z.Name)
	for _, record := range z.records {
		fmt.Fprintf(&file, "%s.\t%d\tIN\t%s\t%s", record.Name, record.TTL, record.Type, presentation(record))
		if record.Proxiable {
			fmt.Fprintf(&file, " ; cf_tags=cf-proxied:%t", record.Proxied)
		}
		file.WriteByte('\n')
	}
	return zoneFile(file.String()), nil
}
