data "multidns_zone" "main" {
  zone = "example.com"
}

# A run goes on when something is wrong, and says so.
check "zone" {
  assert {
    condition     = length(data.multidns_zone.main.problems) == 0
    error_message = join("\n", data.multidns_zone.main.problems)
  }
}

# What to enter at the registrar; null while the parent zone cannot be asked.
output "name_servers_to_add" {
  value = data.multidns_zone.main.missing_nameservers
}
