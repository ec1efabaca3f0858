import {
  to = multidns_dnssec.main
  id = "example.com"
}
