# With Terraform 1.14 or newer: terraform query -generate-config-out=records.tf
list "multidns_record" "all" {
  provider = multidns

  config {
    zone = "example.com"
  }
}
