# Takes over a zone that exists, with Terraform 1.14 or newer:
#   terraform query                                   lists what could be declared
#   terraform query -generate-config-out=records.tf   writes a resource and an import block for each
#   terraform plan                                    imports; what both operators hold alike is not written
list "multidns_record" "all" {
  provider = multidns
  limit    = 1000

  config {
    zone = "example.com"
  }
}
