# Know when an operator is behind. An outage does not fail an apply: what could not be delivered is owed, the state
# says so, and a later apply delivers it. These two make sure that a person hears of it.

terraform {
  required_version = ">= 1.7"

  required_providers {
    multidns = {
      source = "multidns/multidns"
    }
  }
}

provider "multidns" {}

locals {
  records = {
    www  = { type = "A", values = ["192.0.2.10"] }
    mail = { type = "A", values = ["192.0.2.25"] }
  }
}

resource "multidns_record" "all" {
  for_each = local.records

  zone   = "example.com"
  name   = each.key
  type   = each.value.type
  values = each.value.values
}

# For people: a warning in every plan and apply, with the names and the reasons.
check "operators_in_sync" {
  assert {
    condition = alltrue([for record in multidns_record.all : record.in_sync])
    error_message = join("\n", flatten([
      for record in multidns_record.all : [
        for operator, held in record.operators : "${operator} is behind with ${record.id}: ${coalesce(held.message, "unknown")}"
        if held.status == "out_of_sync"
      ]
    ]))
  }
}

# For machines: `tofu output -json in_sync` is true or false.
output "in_sync" {
  value = alltrue([for record in multidns_record.all : record.in_sync])
}
