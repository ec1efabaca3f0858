import {
  to = multidns_record.www
  id = "example.com/www/A"
}
