locals {
  # Most often file("${path.module}/example.com.zone"), an export from elsewhere.
  zone = provider::multidns::parse_zone_file(<<-ZONE
    $ORIGIN example.com.
    $TTL 3600
    @     IN SOA ns.old.example. hostmaster 1 7200 3600 1209600 3600
    @     IN NS  ns.old.example.
    @     IN MX  10 mail
    @     IN SPF "v=spf1 mx -all"
    mail  IN A   192.0.2.25
    *.app IN CNAME www
    www   1 IN A   192.0.2.1 ; cf_tags=cf-proxied:true
  ZONE
  , "example.com")
}

resource "multidns_zone_records" "all" {
  zone = "example.com"

  # The old service's own NS RRset stays behind, and so does what no two operators
  # hold. Cloudflare exports its automatic TTL as 1, and deSEC's smallest is usually 3600.
  records = {
    for key, rrset in local.zone : key => merge(rrset, {
      ttl   = rrset.ttl == 1 ? 300 : max(60, min(86400, rrset.ttl))
      desec = { ttl = max(3600, min(86400, rrset.ttl)) }
    })
    if rrset.problem == null && key != "@/NS"
  }
}

# Read it before the old service is switched off: "@/SPF" is here, with the reason.
output "left_behind" {
  value = { for key, rrset in local.zone : key => rrset.problem if rrset.problem != null }
}
