import {
  to = multidns_zone_records.site
  id = "example.com/@/A,@/MX,@/TXT,mail/A,www/A"
}
