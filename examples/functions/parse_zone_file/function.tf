locals {
  # Most often file("${path.module}/example.com.zone"), an export from elsewhere.
  zone = provider::multidns::parse_zone_file(<<-ZONE
    $ORIGIN example.com.
    $TTL 3600
    @     IN SOA ns.old.example. hostmaster 1 7200 3600 1209600 3600
    @     IN NS  ns.old.example.
    @     IN MX  10 mail
    mail  IN A   192.0.2.25
    *.app IN CNAME www
    www   IN A   192.0.2.1
  ZONE
  , "example.com")
}

resource "multidns_zone_records" "all" {
  zone = "example.com"

  # The old service's own NS RRset stays behind.
  records = { for key, rrset in local.zone : key => rrset if key != "@/NS" }
}
