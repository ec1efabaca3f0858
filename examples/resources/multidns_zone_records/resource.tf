# The records of a site in one resource: one request to each operator, however many there are.
resource "multidns_zone_records" "site" {
  zone = "example.com"

  records = {
    "@/A"    = { values = ["192.0.2.10", "192.0.2.11"] }
    "@/MX"   = { values = ["10 mail.example.com.", "20 mail.example.net."] }
    "@/TXT"  = { values = ["v=spf1 mx -all"] }
    "mail/A" = { values = ["192.0.2.25"] }
    "www/A"  = { values = ["192.0.2.10"], ttl = 300, desec = { ttl = 3600 } }
  }
}
