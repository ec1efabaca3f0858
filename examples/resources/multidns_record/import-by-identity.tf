import {
  to = multidns_record.www
  identity = {
    zone = "example.com"
    name = "www"
    type = "A"
  }
}
