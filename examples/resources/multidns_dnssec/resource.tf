# Both operators sign the zone; each serves the other's zone signing keys as well.
resource "multidns_dnssec" "main" {
  zone = "example.com"
}

# Null until every cache knows all keys. Enter it at the registrar then, all of it.
output "ds_for_the_registrar" {
  value = multidns_dnssec.main.ds
}

output "dnssec_problems" {
  value = multidns_dnssec.main.problems
}
