# A site and its mail, the same at Cloudflare and at deSEC.
resource "multidns_record" "www" {
  zone   = "example.com"
  name   = "www"
  type   = "A"
  values = ["192.0.2.10", "192.0.2.11"]
}

resource "multidns_record" "mail" {
  zone   = "example.com"
  name   = "@" # the apex
  type   = "MX"
  values = ["10 mail.example.com.", "20 mail.example.net."]
}

resource "multidns_record" "spf" {
  zone   = "example.com"
  name   = "@"
  type   = "TXT"
  values = ["v=spf1 mx -all"]
}

# A short TTL at Cloudflare. deSEC's smallest is usually an hour, and what differs is written down.
resource "multidns_record" "api" {
  zone   = "example.com"
  name   = "api"
  type   = "AAAA"
  values = ["2001:db8::10"]
  ttl    = 300
  desec  = { ttl = 3600 }
}
