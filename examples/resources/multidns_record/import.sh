# zone/name/type; the name is relative to the zone, and @ at the apex.
terraform import multidns_record.www example.com/www/A
terraform import multidns_record.mail example.com/@/MX
