terraform {
  required_providers {
    multidns = { source = "multidns/multidns" }
  }
}

resource "multidns_record" "www" {
  zone   = "example.com"
  name   = "www"
  type   = "A"
  ttl    = 300
  values = ["192.0.2.1", "192.0.2.2"]
  desec  = { ttl = 3600 }
}

resource "multidns_record" "text" {
  zone   = "example.com"
  name   = "@"
  type   = "TXT"
  values = ["v=spf1 -all", "a \"quoted\" one"]
}

resource "multidns_record" "origin" {
  zone       = "Example.COM."
  name       = "origin.example.com."
  type       = "A"
  values     = ["198.51.100.7"]
  cloudflare = { proxied = true, comment = "the origin" }
  desec      = { values = ["198.51.100.8"] }
  on_outage  = "fail"
}

resource "multidns_router" "web" {
  zone  = "example.com"
  name  = "web-router"
  desec = { ttl = 3600 }
  targets = [
    { name = "a", values = ["a.example.net"], healthy = false },
    { name = "b", values = ["b.example.net."], healthy = true },
  ]
  failback = { mode = "manual" }
}

resource "multidns_zone_records" "site" {
  zone = "example.com"
  records = {
    "mail/A" = { values = ["192.0.2.25"] }
    "@/MX"   = { values = ["10 mail.example.com"], ttl = 7200 }
  }
}
