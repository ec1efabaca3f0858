# The name of the zone.
terraform import multidns_dnssec.main example.com
