# See the single points of failure before they fail. The map is drawn from DNS as it is; what the router can do about an
# outage comes from the resources in this configuration.

terraform {
  required_version = ">= 1.7"

  required_providers {
    multidns = {
      source = "multidns/multidns"
    }
  }
}

provider "multidns" {}

resource "multidns_router" "web" {
  zone = "example.com"
  name = "web-router"
  targets = [
    { name = "cf", values = ["www.example.com.cdn.cloudflare.net"] },
    { name = "bunny", values = ["example.b-cdn.net"] },
  ]
  desec = { ttl = 3600 }
}

resource "multidns_record" "www" {
  zone   = "example.com"
  name   = "www"
  type   = "CNAME"
  values = ["web-router.example.com"]
}

locals {
  # What DNS cannot show. An empty list would say that a change needs nothing.
  declared = [
    { name = "Terraform state", operator = "hetzner", needed_for = ["change"] },
    { name = "CI", operator = "github", needed_for = ["change"] },
  ]
}

data "multidns_dependencies" "site" {
  names    = ["www.example.com"]
  declared = local.declared

  # Where the router could point to, and by whose API it is moved: both are in the resource.
  routers = {
    (multidns_router.web.fqdn) = {
      targets    = flatten([for target in multidns_router.web.targets : tolist(target.values)])
      changed_at = keys(multidns_router.web.operators)
    }
  }

  # Networks of those who publish none.
  operators = {
    bunny = { networks = ["192.0.2.0/24"] }
  }

  depends_on = [multidns_record.www]
}

# Red when somebody brings a single point of failure back. Registries of top-level domains are one that nobody avoids.
check "no_single_point_of_failure" {
  assert {
    condition = alltrue([
      for point in data.multidns_dependencies.site.single_points_of_failure : !contains(["cloudflare", "desec", "bunny"], point.operator)
    ])
    error_message = join("\n", [
      for point in data.multidns_dependencies.site.single_points_of_failure : "${point.operator} (${point.facet}): ${point.why} ${point.remedy}"
    ])
  }
}

# Red when one jurisdiction holds all of it.
check "no_jurisdiction_holds_all" {
  assert {
    condition = alltrue([
      for count in values(data.multidns_dependencies.site.by_jurisdiction) : count.down < length(data.multidns_dependencies.site.names)
    ])
    error_message = "Without ${join(", ", [for name, count in data.multidns_dependencies.site.by_jurisdiction : name if count.down > 0])} no name is left."
  }
}

# What is wrong today: lame delegations, servers that differ, silence.
output "problems" {
  value = data.multidns_dependencies.site.problems
}

# The map for a repository: write-map.sh puts it into a Markdown file, which GitHub and GitLab draw.
output "map" {
  value = data.multidns_dependencies.site.mermaid
}
