import {
  to = multidns_dnssec.main
  identity = {
    zone = "example.com"
  }
}
