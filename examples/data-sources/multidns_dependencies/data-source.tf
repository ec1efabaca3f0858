data "multidns_dependencies" "main" {
  names = ["www.example.com", "example.com"]

  # What the built-in table of operators does not know.
  operators = {
    bunny = { networks = ["192.0.2.0/24"] }
  }

  # What DNS cannot show.
  declared = [
    { name = "Terraform state", operator = "aws", needed_for = ["change"] },
  ]

  # Where the router could point to, and by whose API.
  routers = {
    "web-router.example.com" = {
      targets    = ["www.example.com.cdn.cloudflare.net", "example.b-cdn.net"]
      changed_at = ["cloudflare", "desec"]
    }
  }
}

# A warning in every run as soon as one company can take www down.
check "www" {
  assert {
    condition = !anytrue([
      for point in data.multidns_dependencies.main.single_points_of_failure : contains(point.names, "www.example.com")
    ])
    error_message = join("\n", [
      for point in data.multidns_dependencies.main.single_points_of_failure : "${point.operator} (${point.facet}): ${point.why} ${point.remedy}"
    ])
  }
}
