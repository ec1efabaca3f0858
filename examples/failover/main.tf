# www.example.com is served by one of two web fronts, and its zone by two DNS operators.
#
#   www ──CNAME──▶ web-router ──CNAME──▶ cf-front     while that front is healthy
#                                  └───▶ bunny-front  when it is not
#
# Each apply asks both fronts how they are, moves web-router when it has to, and keeps Cloudflare and deSEC
# identical. When one operator's API is down, the other one is written all the same.

terraform {
  required_version = ">= 1.7"

  required_providers {
    multidns = {
      source = "multidns/multidns"
    }
  }
}

# The tokens come from CLOUDFLARE_API_TOKEN and DESEC_API_TOKEN.
provider "multidns" {
  request_timeout = var.request_timeout
}

locals {
  router = "web-router.${var.zone}"
}

# Visitors ask for www, and www never changes.
resource "multidns_record" "www" {
  zone   = var.zone
  name   = "www"
  type   = "CNAME"
  values = [local.router]
}

# How is each front, asked directly? connect_to sends the request to one front, whatever www points to today; URL,
# Host header and certificate check stay those of a visitor.
data "multidns_health" "cf" {
  http = {
    url        = var.health_url
    connect_to = coalesce(var.cf_front.connect_to, var.cf_front.host)
  }
  not_via = [local.router]
}

data "multidns_health" "bunny" {
  http = {
    url        = var.health_url
    connect_to = coalesce(var.bunny_front.connect_to, var.bunny_front.host)
  }
  not_via = [local.router]
}

# The router points to the first front that is healthy.
resource "multidns_router" "web" {
  zone = var.zone
  name = "web-router"
  ttl  = 60

  # deSEC's smallest TTL is usually an hour. What differs between the operators is written down, never clamped.
  desec = { ttl = 3600 }

  targets = [
    { name = "cf-front", values = [var.cf_front.host], healthy = data.multidns_health.cf.healthy },
    { name = "bunny-front", values = [var.bunny_front.host], healthy = data.multidns_health.bunny.healthy },
  ]

  # Return to a front that has come back only after it has been well for a while.
  failback     = { delay = var.failback_delay }
  evaluated_at = plantimestamp()
}

# The alarm: a warning in every plan and apply while an operator is behind.
check "operators_in_sync" {
  assert {
    condition     = multidns_record.www.in_sync && multidns_router.web.in_sync
    error_message = "Cloudflare and deSEC do not hold the same. The next apply that reaches both mends it; the output \"owed\" says what is missing."
  }
}
