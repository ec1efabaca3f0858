data "multidns_records" "main" {
  zone = "example.com"
}

# Where the operators differ, also in what nobody declared; null while one of
# them cannot be read.
output "differences" {
  value = {
    for d in coalesce(data.multidns_records.main.differences, []) :
    "${d.name}/${d.type}" => d.summary
  }
}

# All A records at deSEC, for a list of what could be managed.
output "addresses" {
  value = {
    for r in coalesce(data.multidns_records.main.operators["desec"], []) :
    r.name => r.values if r.type == "A"
  }
}
