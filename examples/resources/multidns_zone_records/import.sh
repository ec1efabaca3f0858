# The zone, and the keys of records with commas between them. A key that no operator holds is left out: the next plan creates it.
terraform import multidns_zone_records.site example.com/@/A,@/MX,@/TXT,mail/A,www/A
